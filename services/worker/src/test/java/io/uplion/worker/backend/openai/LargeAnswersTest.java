// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.Endpoint;
import io.uplion.testing.wait.Await;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// More large answers at one time than there is memory for.
class LargeAnswersTest {
    private static final int ANSWER_BYTES = 4 << 20;
    private static final int LIMIT = 8 << 20;
    private static final int CALLS = 12;

    /// What may be on its way to each call when it is told to wait.
    private static final int ON_ITS_WAY = 256 << 10;

    private final AnswerMemory memory = new AnswerMemory(LIMIT);
    private final ProviderTalk talk = new ProviderTalk(8 << 20, memory);

    @AfterEach
    void stop() {
        talk.close();
    }

    private List<ProviderTalk.Asked> ask(String contentType, String body, boolean stream) {
        var backend = talk.backend(talk.answering(contentType, body), "m", Optional.empty());
        return Stream.generate(
                        () ->
                                talk.ask(
                                        backend,
                                        Endpoint.CHAT,
                                        "{\"model\":\"m\",\"messages\":[{}],\"stream\":"
                                                + stream
                                                + "}"))
                .limit(CALLS)
                .toList();
    }

    private static String answer() {
        return "{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"content\":\""
                + "x".repeat(ANSWER_BYTES)
                + "\"}}]}";
    }

    @Test
    void wholeAnswersWaitForOneAnother() {
        var waiting = new ArrayList<>(ask("application/json", answer(), false));
        long most = 0;
        while (!waiting.isEmpty()) {
            Await.until(
                    "one is whole",
                    ProviderTalk.LIMIT,
                    () -> waiting.stream().anyMatch(one -> !one.signals.isEmpty()));
            most = Math.max(most, memory.held());
            for (var one : List.copyOf(waiting)) {
                if (!one.signals.isEmpty()) {
                    assertThat(one.last()).isInstanceOf(Whole.class);
                    talk.vertx.runOnContext(_ -> one.call.join().release());
                    waiting.remove(one);
                }
            }
        }
        assertThat(most).isBetween(1L, LIMIT + ANSWER_BYTES + (long) CALLS * ON_ITS_WAY);
        Await.until("nothing is held", ProviderTalk.LIMIT, () -> memory.held() == 0);
    }

    @Test
    void whoIsNotReleasedKeepsOthersWaitingUntilItGoes() {
        var asked = ask("application/json", answer(), false);
        Await.until(
                "the memory is full",
                ProviderTalk.LIMIT,
                () -> memory.held() > LIMIT && whole(asked) > 0);
        assertThat(whole(asked)).isLessThanOrEqualTo(LIMIT / ANSWER_BYTES + 1);

        asked.forEach(one -> talk.vertx.runOnContext(_ -> one.call.join().cancel()));
        Await.until("nothing is held", ProviderTalk.LIMIT, () -> memory.held() == 0);
    }

    private static long whole(List<ProviderTalk.Asked> asked) {
        return asked.stream().filter(one -> !one.signals.isEmpty()).count();
    }

    @Test
    void largeEventsOfStreamsWaitForOneAnotherAndEnd() {
        var event = answer().replace("message", "delta");
        var body = "data: " + event + "\n\ndata: [DONE]\n\n";
        var asked = ask("text/event-stream", body, true);
        assertThat(asked).allSatisfy(one -> assertThat(one.last()).isEqualTo(new Ended()));
        assertThat(memory.held()).isZero();
    }
}
