// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SseFramesTest {
    private static String text(byte[] frame) {
        return new String(frame, StandardCharsets.UTF_8);
    }

    @Test
    void framesAreAsClientsExpectThem() {
        var json = "{\"é\":1}".getBytes(StandardCharsets.UTF_8);

        assertThat(text(SseFrames.data(json))).isEqualTo("data: {\"é\":1}\n\n");
        assertThat(text(SseFrames.event("error", json)))
                .isEqualTo("event: error\ndata: {\"é\":1}\n\n");
        assertThat(text(SseFrames.comment("queue {\"position\":3}")))
                .isEqualTo(": queue {\"position\":3}\n\n");
        assertThat(text(SseFrames.done())).isEqualTo("data: [DONE]\n\n");
    }

    /// A line that starts with `: ping` ends the stream in one popular client.
    @Test
    void keepAliveIsNoPing() {
        assertThat(text(SseFrames.keepAlive())).isEqualTo(": keep-alive\n\n");
    }

    @Test
    void nobodyCanChangeWhatOthersSend() {
        SseFrames.done()[0] = 'x';
        SseFrames.keepAlive()[0] = 'x';

        assertThat(text(SseFrames.done())).startsWith("data");
        assertThat(text(SseFrames.keepAlive())).startsWith(":");
    }
}
