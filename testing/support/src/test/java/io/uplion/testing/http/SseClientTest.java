// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SseClientTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

    @Test
    void readsFieldsCommentsAndAllLineEnds() throws Exception {
        var wire =
                "\n: hello\nevent: error\ndata: a\r\ndata:b\n\n"
                        + "id: 7\rdata: \u00e9\r\rdata: cut off\n";
        try (var server = new CannedServer(HEAD + wire);
                var client = SseClient.post(server.url(), "{}")) {
            var events = client.events();

            assertThat(events).extracting(SseEvent::name).containsExactly("error", "message");
            assertThat(events).extracting(SseEvent::data).containsExactly("a\nb", "\u00e9");
            assertThat(client.comments()).containsExactly("hello");
            assertThat(client.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void missingLastChunkIsATruncation() throws Exception {
        var head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        try (var server = new CannedServer(head + "9\r\ndata: x\n\n\r\n");
                var client = SseClient.post(server.url(), "{}")) {
            assertThat(client.data()).containsExactly("x");
            assertThat(client.end()).isEqualTo(BodyEnd.TRUNCATED);
        }
    }
}
