// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.Endpoint;
import io.uplion.openai.StreamChunk;
import io.uplion.openai.TokenUsage;
import io.uplion.openai.WholeAnswer;
import io.uplion.task.UsageRecord.Source;
import io.uplion.worker.attempt.UsageMeter.Count;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class UsageMeterTest {
    private static final LongSupplier PROMPT = () -> 2;
    private static final OptionalLong NO_BOUND = OptionalLong.empty();

    private final UsageMeter meter = new UsageMeter();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void chunk(String json) {
        meter.chunk(StreamChunk.read(bytes(json)).orElseThrow());
    }

    @Test
    void providersCountWins() {
        chunk("{\"choices\":[{\"delta\":{\"content\":\"1234567890\"}}]}");
        assertThat(meter.isReported()).isFalse();
        chunk("{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9}}");

        assertThat(meter.isReported()).isTrue();
        assertThat(meter.count(PROMPT, NO_BOUND, true))
                .isEqualTo(new Count(TokenUsage.of(7, 9), Source.REPORTED));
        assertThat(meter.count(PROMPT, NO_BOUND, false).source()).isEqualTo(Source.PARTIAL);
    }

    @Test
    void lastCountOfAProviderThatCountsAlongIsTheCount() {
        chunk("{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1}}");
        chunk("{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}");

        assertThat(meter.count(PROMPT, NO_BOUND, true).tokens()).isEqualTo(TokenUsage.of(7, 2));
    }

    @Test
    void withoutACountThereIsAnEstimate() {
        chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        chunk("{\"choices\":[{\"delta\":{\"content\":\"5678\"}}]}");

        assertThat(meter.count(PROMPT, NO_BOUND, true))
                .isEqualTo(new Count(TokenUsage.of(2, 2), Source.ESTIMATED));
        assertThat(meter.count(PROMPT, NO_BOUND, false))
                .isEqualTo(new Count(TokenUsage.of(2, 2), Source.PARTIAL));
    }

    @Test
    void noEstimateIsBeyondWhatTheClientAllows() {
        chunk("{\"choices\":[{\"delta\":{\"content\":\"123456789012\"}}]}");

        assertThat(meter.count(PROMPT, OptionalLong.of(2), false))
                .isEqualTo(new Count(TokenUsage.of(2, 2), Source.PARTIAL));
        chunk("{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9}}");
        assertThat(meter.count(PROMPT, OptionalLong.of(2), false).tokens())
                .isEqualTo(TokenUsage.of(7, 9));
    }

    @Test
    void wholeAnswerIsCountedAtOnce() {
        meter.whole(
                WholeAnswer.read(
                                Endpoint.CHAT,
                                bytes("{\"choices\":[{\"message\":{\"content\":\"1234\"}}]}"))
                        .orElseThrow());

        assertThat(meter.count(PROMPT, NO_BOUND, true))
                .isEqualTo(new Count(TokenUsage.of(2, 1), Source.ESTIMATED));
    }
}
