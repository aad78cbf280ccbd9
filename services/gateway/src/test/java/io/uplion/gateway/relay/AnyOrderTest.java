// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.task.FromGateway;
import io.uplion.task.FromGateway.Committed;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.Task;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Whatever workers say, in whatever order, and whenever the client leaves: one answer, of one
/// attempt, and nothing after it.
class AnyOrderTest {
    private static final Pattern TEXT = Pattern.compile("by-(\\d+)");

    private static TestGateway gateway;

    enum Move {
        ATTACH,
        ATTACH_OTHER_POOL,
        EVENT,
        ANSWER,
        END,
        FAIL,
        TROUBLE,
        CLOSE,
        LEAVE
    }

    /// @param worker which of those that are attached moves, modulo their number
    record Step(Move move, int worker) {}

    @BeforeContainer
    static void start() {
        gateway = TestGateway.start();
        gateway.catalog()
                .put(TestGateway.pool("pool-b", Duration.ofMinutes(2)), PoolStatus.RUNNING);
    }

    @AfterContainer
    static void stop() {
        gateway.close();
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void requestIsAnsweredOnceByOneAttempt(
            @ForAll @Size(min = 1, max = 25) List<Move> moves,
            @ForAll @Size(25) List<@IntRange(max = 5) Integer> choices,
            @ForAll boolean stream) {
        try (var client = stream ? gateway.askForStream() : gateway.ask()) {
            var game = new Game(client, gateway.queue().next());
            for (int i = 0; i < moves.size(); i++) {
                // Leaving ends the game, so it is rare.
                if (moves.get(i) != Move.LEAVE || i > 8) {
                    game.play(new Step(moves.get(i), choices.get(i)));
                }
            }
            game.finish();
        }
    }

    /// One request with all its workers.
    private static final class Game {
        private final RawHttp client;
        private final Task task;
        private final List<FakeWorker> workers = new ArrayList<>();
        private final List<FakeWorker> lost = new ArrayList<>();
        private boolean left;

        Game(RawHttp client, Task task) {
            this.client = client;
            this.task = task;
        }

        void play(Step step) {
            switch (step.move()) {
                case ATTACH -> attach("pool-a", step.worker());
                case ATTACH_OTHER_POOL -> attach("pool-b", step.worker());
                case LEAVE -> leave();
                case EVENT, ANSWER, END, FAIL, TROUBLE, CLOSE -> speak(step);
            }
            assertThat(claims()).as("one attempt is committed").hasSizeLessThanOrEqualTo(1);
        }

        private void attach(String pool, int worker) {
            workers.add(gateway.worker(task, pool, "worker-" + worker));
        }

        private void leave() {
            if (!left) {
                left = true;
                client.reset();
            }
            gateway.awaitIdle();
        }

        private void speak(Step step) {
            if (workers.isEmpty()) {
                return;
            }
            int who = step.worker() % workers.size();
            var worker = workers.get(who);
            var text = "by-" + who;
            var soon = Instant.now().plusSeconds(60);
            switch (step.move()) {
                case EVENT -> worker.event(text);
                case ANSWER -> worker.answer(200, "{\"text\":\"" + text + "\"}");
                case END -> worker.end();
                case FAIL -> worker.fail("it failed");
                case TROUBLE -> worker.trouble(429, soon);
                case CLOSE -> {
                    worker.close();
                    lost.add(worker);
                }
                case ATTACH, ATTACH_OTHER_POOL, LEAVE -> throw new AssertionError();
            }
        }

        private List<FromGateway> claims() {
            return workers.stream()
                    .flatMap(worker -> worker.heard().stream())
                    .filter(Committed.class::isInstance)
                    .toList();
        }

        void finish() {
            if (!left && gateway.openRequests() > 0) {
                answerSomehow();
            }
            if (!left) {
                check(client.readResponse());
            }
            gateway.awaitIdle();
            for (var worker : workers) {
                assertThat(worker.event("late").last()).isInstanceOf(Done.class);
                assertThat(worker.end().last()).isInstanceOf(Done.class);
            }
            // With a letter, where the task was given up.
            assertThat(gateway.worker(task, "late").heard())
                    .singleElement()
                    .isInstanceOf(Done.class);
        }

        /// Whoever may speak ends the answer; where nobody may, another worker does.
        private void answerSomehow() {
            for (int i = 0; i < 20 && gateway.openRequests() > 0; i++) {
                for (var worker : List.copyOf(workers)) {
                    if (!lost.contains(worker)) {
                        worker.fail("it failed");
                    }
                }
                attach("pool-a", 10 + i);
            }
            assertThat(gateway.openRequests()).as("attempts have an end").isZero();
        }

        private void check(RawResponse answer) {
            var speakers =
                    TEXT.matcher(answer.body()).results().map(text -> text.group(1)).distinct();
            assertThat(speakers).as(answer.body()).hasSizeLessThanOrEqualTo(1);
            var error = answer.body().contains("\"error\":");
            var done = answer.body().contains("[DONE]");
            if (answer.header("content-type").startsWith("text/event-stream")) {
                assertThat(done).as("an error or the end").isNotEqualTo(error);
                assertThat(answer.end() == BodyEnd.COMPLETE).isEqualTo(done);
            } else {
                assertThat(answer.end()).isEqualTo(BodyEnd.COMPLETE);
                assertThat(error).isEqualTo(answer.status() >= 400);
                assertThat(done).isFalse();
            }
        }
    }
}
