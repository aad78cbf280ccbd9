// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.TokenUsage;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromWorker;
import io.uplion.task.UsageRecord.Source;
import io.uplion.worker.backend.Backend.Ended;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a client sees of usage, and what is recorded of it.
class AttemptUsageTest {
    private final AttemptBench bench = new AttemptBench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private void run(boolean stream) {
        bench.deliver(stream, "");
        bench.hear(new Go(1, new byte[0]));
    }

    @Test
    void usageThatNobodyAskedForIsStripped() {
        run(true);
        bench.chunk("{\"choices\":[{}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}");
        bench.chunk("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
        bench.commit();
        bench.signal(new Ended());

        assertThat(bench.frames()).containsExactly("data: {\"choices\":[{}],\"usage\":null}\n\n");
        assertThat(bench.usage.tokens()).isEqualTo(TokenUsage.of(3, 4));
    }

    @Test
    void usageThatWasAskedForPasses() {
        bench.deliver(true, ",\"stream_options\":{\"include_usage\":true}");
        bench.hear(new Go(1, new byte[0]));
        var usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";
        bench.chunk("{\"choices\":[{\"delta\":{}}]}");
        bench.chunk(usage);
        bench.commit();
        bench.signal(new Ended());

        assertThat(bench.frames()).hasSize(2).last().isEqualTo("data: " + usage + "\n\n");
    }

    @Test
    void usageThatMakesNoSenseIsCountedAnew() {
        bench.deliver(true, ",\"stream_options\":{\"include_usage\":true}");
        bench.hear(new Go(1, new byte[0]));
        var nonsense = "\"usage\":{\"prompt_tokens\":-3,\"completion_tokens\":4}";
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"12345678\"}}]," + nonsense + "}");
        bench.chunk("{\"choices\":[]," + nonsense + "}");
        bench.commit();
        bench.signal(new Ended());

        assertThat(bench.frames()).hasSize(2).noneMatch(frame -> frame.contains("-3"));
        assertThat(bench.frames().getFirst()).contains("\"usage\":null");
        assertThat(bench.frames().getLast()).contains("\"choices\":[]", "\"completion_tokens\":2");
        assertThat(bench.usage.source()).isEqualTo(Source.ESTIMATED);
        assertThat(bench.usage.tokens().output()).isEqualTo(2);
    }

    @Test
    void usageOfAWholeAnswerThatMakesNoSenseIsCountedAnew() {
        run(false);
        bench.whole(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"12345678\"}}],"
                        + "\"usage\":{\"prompt_tokens\":1000000000000000000000000000000}}");
        bench.commit();

        assertThat(bench.usage.source()).isEqualTo(Source.ESTIMATED);
        assertThat(bench.usage.tokens().output()).isEqualTo(2);
        var answer = (FromWorker.Answer) bench.sent.getFirst();
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .endsWith("\"completion_tokens\":2,\"total_tokens\":3}}");
    }

    @Test
    void usageThatWasAskedForAndDidNotComeIsEstimated() {
        bench.deliver(true, ",\"stream_options\":{\"include_usage\":true}");
        bench.hear(new Go(1, new byte[0]));
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"12345678\"}}]}");
        bench.commit();
        bench.signal(new Ended());

        assertThat(bench.frames()).hasSize(2);
        assertThat(bench.frames().getLast())
                .contains("\"choices\":[]", "\"completion_tokens\":2", bench.task.requestId());
        assertThat(bench.usage.source()).isEqualTo(Source.ESTIMATED);
    }
}
