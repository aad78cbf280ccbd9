// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.catalog.Serving.Simulator;
import io.uplion.openai.Endpoint;
import io.uplion.worker.backend.Backend.Call;
import io.uplion.worker.backend.Backend.Chunk;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Signal;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class StreamTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String HELLO = "'messages':[{'role':'user','content':'Hello'}]";
    private static final String STREAMED = HELLO + ",'stream':true";

    private final Conversation simulator = Conversation.quick(VERTX, 10);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void aRoleComesFirstThenTokensThenTheFinishThenUsage() {
        var chunks = simulator.chat(STREAMED).chunks();
        assertThat(chunks).hasSize(1 + 10 + 1 + 1);
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(chunks.get(1).at("/choices/0/delta/content").asText()).isEqualTo("This");
        assertThat(chunks.get(2).at("/choices/0/delta/content").asText()).isEqualTo(" is");
        assertThat(chunks.get(10).at("/choices/0/finish_reason").isNull()).isTrue();
        assertThat(chunks.get(11).at("/choices/0/delta")).isEmpty();
        assertThat(chunks.get(11).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(chunks.get(12).path("choices")).isEmpty();
        assertThat(chunks.get(12).at("/usage/completion_tokens").asInt()).isEqualTo(10);
    }

    @Test
    void everyChunkLooksLikeOneOfOpenAi() {
        var chunks = simulator.chat(STREAMED).chunks();
        assertThat(chunks).extracting(c -> c.path("id").asText()).containsOnly(id(chunks));
        assertThat(id(chunks)).startsWith("chatcmpl-");
        assertThat(chunks)
                .allSatisfy(
                        chunk -> {
                            assertThat(chunk.path("object").asText())
                                    .isEqualTo("chat.completion.chunk");
                            assertThat(chunk.path("created").asLong()).isPositive();
                            assertThat(chunk.path("model").asText()).isEqualTo("simulator");
                            assertThat(chunk.path("system_fingerprint").asText())
                                    .isEqualTo("uplion-simulator");
                        });
    }

    @Test
    void usageIsNullUntilTheLastChunkWhereItWasAskedFor() {
        var asked = ",'stream_options':{'include_usage':true}";
        for (var said :
                List.of(
                        simulator.chat(STREAMED + asked),
                        simulator.complete("'prompt':'Hello','stream':true" + asked))) {
            var chunks = said.chunks();
            assertThat(chunks.subList(0, chunks.size() - 1))
                    .allMatch(chunk -> chunk.has("usage") && chunk.path("usage").isNull());
            assertThat(chunks.getLast().path("usage").isObject()).isTrue();
        }
        var plain = simulator.chat(STREAMED).chunks();
        assertThat(plain.subList(0, plain.size() - 1)).noneMatch(chunk -> chunk.has("usage"));
    }

    @Test
    void heldStreamWaitsAndGoesOnWhereItWas() throws Exception {
        var held = new CompletableFuture<Call>();
        var said = new CopyOnWriteArrayList<Signal>();
        var over = new CountDownLatch(1);
        Conversation.quick(VERTX, 1000)
                .start(
                        Conversation.request(Endpoint.CHAT, STREAMED),
                        (call, signal) -> {
                            said.add(signal);
                            if (said.size() == 100) {
                                call.pace(true);
                                held.complete(call);
                            }
                            if (signal instanceof Ended) {
                                over.countDown();
                            }
                        });
        var call = held.get(5, TimeUnit.SECONDS);
        assertThat(over.await(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(said).hasSize(100);

        VERTX.runOnContext(_ -> call.pace(false));
        assertThat(over.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(said).hasSize(1 + 1000 + 1 + 1 + 1);
    }

    @Test
    void everyChunkIsOneLineAndComesWithWhatItSays() {
        var signals = simulator.chat(STREAMED).signals();
        var chunks = signals.subList(0, signals.size() - 1).stream().map(Chunk.class::cast);
        var read = chunks.toList();
        assertThat(read)
                .noneMatch(
                        chunk -> new String(chunk.data(), StandardCharsets.UTF_8).contains("\n"));
        assertThat(read.stream().mapToInt(chunk -> chunk.content().finished().size()).sum())
                .isOne();
        assertThat(read.getLast().content().isUsageOnly()).isTrue();
    }

    @Test
    void aStreamSaysWhatTheWholeAnswerSays() {
        var whole = simulator.chat(HELLO).content();
        assertThat(simulator.chat(STREAMED).text(0)).isEqualTo(whole);
    }

    @Test
    void usageComesWhetherTheClientAsksOrNot() {
        var asked = simulator.chat(STREAMED + ",'stream_options':{'include_usage':true}").chunks();
        var not = simulator.chat(STREAMED + ",'stream_options':{'include_usage':false}").chunks();
        assertThat(asked.getLast().has("usage")).isTrue();
        assertThat(not.getLast().has("usage")).isTrue();
    }

    @Test
    void choicesComeSideBySide() {
        var said = simulator.chat(STREAMED + ",'n':2,'max_tokens':2");
        var indexes =
                said.chunks().stream()
                        .filter(chunk -> !chunk.path("choices").isEmpty())
                        .map(chunk -> chunk.at("/choices/0/index").asInt());
        assertThat(indexes).containsExactly(0, 0, 1, 1, 0, 1, 0, 1);
        assertThat(said.text(1)).isEqualTo("This is");
        assertThat(said.chunks().getLast().at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }

    @Test
    void stopAndMaxTokensHoldInAStream() {
        var stopped = simulator.chat(STREAMED + ",'stop':'PLION'");
        assertThat(stopped.text(0)).isEqualTo("This is U");
        var cut = simulator.chat(STREAMED + ",'max_tokens':1");
        assertThat(cut.text(0)).isEqualTo("This");
        assertThat(cut.chunks().get(2).at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void tokensComeOnTheClock() {
        var clocked = clocked(60, 15, 5);
        var before = System.nanoTime();
        var first = new CompletableFuture<Long>();
        var ended = new CompletableFuture<Long>();
        clocked.start(
                Conversation.request(Endpoint.CHAT, STREAMED),
                (_, signal) -> {
                    first.complete(System.nanoTime() - before);
                    if (signal instanceof Ended) {
                        ended.complete(System.nanoTime() - before);
                    }
                });
        assertThat(Duration.ofNanos(first.orTimeout(20, TimeUnit.SECONDS).join()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(59));
        assertThat(Duration.ofNanos(ended.orTimeout(20, TimeUnit.SECONDS).join()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(60 + 5 * 15 - 1));
    }

    @Test
    void aWholeAnswerTakesAsLongAsItsStream() {
        var before = System.nanoTime();
        clocked(40, 10, 8).chat(HELLO);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isGreaterThanOrEqualTo(Duration.ofMillis(40 + 8 * 10));
    }

    @Test
    void moreThanOneTokenPerMillisecondIsPossible() {
        var simulator =
                new Conversation(
                        VERTX, new Simulator(Duration.ofMillis(2), Duration.ofNanos(10_000), 2000));
        assertThat(simulator.chat(STREAMED).chunks()).hasSize(2003);
    }

    @Test
    void noSignalComesBeforeStartReturns() {
        var returned = new AtomicBoolean();
        var early = new CompletableFuture<Boolean>();
        var backend =
                new SimulatorBackend(
                        VERTX, new Simulator(Duration.ZERO, Duration.ZERO, 3), "simulator");
        VERTX.getOrCreateContext()
                .runOnContext(
                        _ -> {
                            backend.start(
                                    Conversation.request(Endpoint.CHAT, HELLO),
                                    _ -> early.complete(!returned.get()));
                            returned.set(true);
                        });
        assertThat(early.orTimeout(20, TimeUnit.SECONDS).join()).isFalse();
    }

    @Test
    void signalsComeOnTheLoopOfTheCaller() {
        var threads = new CopyOnWriteArrayList<Thread>();
        var done = new CountDownLatch(1);
        var backend =
                new SimulatorBackend(
                        VERTX, new Simulator(Duration.ZERO, Duration.ZERO, 3), "simulator");
        VERTX.getOrCreateContext()
                .runOnContext(
                        _ -> {
                            threads.add(Thread.currentThread());
                            backend.start(
                                    Conversation.request(Endpoint.CHAT, STREAMED + filler(100_000)),
                                    signal -> {
                                        threads.add(Thread.currentThread());
                                        if (signal instanceof Ended) {
                                            done.countDown();
                                        }
                                    });
                        });
        assertThat(await(done)).isTrue();
        assertThat(threads.stream().distinct()).hasSize(1);
    }

    @Test
    void aStreamWithoutPauseLeavesTheLoopToOthers() {
        var tokens = 50_000;
        var seenByOther = new CompletableFuture<Integer>();
        var seen = new AtomicInteger();
        var done = new CountDownLatch(1);
        Conversation.quick(VERTX, tokens)
                .start(
                        Conversation.request(Endpoint.CHAT, STREAMED),
                        (_, signal) -> {
                            if (seen.incrementAndGet() == 1) {
                                VERTX.runOnContext(_ -> seenByOther.complete(seen.get()));
                            }
                            if (signal instanceof Ended) {
                                done.countDown();
                            }
                        });
        assertThat(await(done)).isTrue();
        assertThat(seenByOther.join()).isLessThan(200);
        assertThat(seen.get()).isEqualTo(tokens + 4);
    }

    @Test
    void nothingComesAfterACancel() {
        var settings = new Simulator(Duration.ofMillis(1), Duration.ofMillis(1), 1000);
        assertThat(afterCancel(new Conversation(VERTX, settings), 3)).hasSize(3);
    }

    @Test
    void nothingComesAfterACancelInTheMidstOfABurst() {
        assertThat(afterCancel(Conversation.quick(VERTX, 1000), 3)).hasSize(3);
        assertThat(afterCancel(Conversation.quick(VERTX, 1000), 1)).hasSize(1);
    }

    @Test
    void aCancelledAnswerNeverComes() {
        var settings = new Simulator(Duration.ofMillis(20), Duration.ZERO, 5);
        var backend = new SimulatorBackend(VERTX, settings, "simulator");
        var signals = new CopyOnWriteArrayList<Signal>();
        var later = new CountDownLatch(1);
        VERTX.getOrCreateContext()
                .runOnContext(
                        _ -> {
                            var hello = Conversation.request(Endpoint.CHAT, HELLO);
                            backend.start(hello, signals::add).cancel();
                            var input = Conversation.request(Endpoint.EMBEDDINGS, "'input':'x'");
                            backend.start(input, signals::add).cancel();
                            VERTX.setTimer(80, _ -> later.countDown());
                        });
        assertThat(await(later)).isTrue();
        assertThat(signals).isEmpty();
    }

    private static List<Signal> afterCancel(Conversation simulator, int cancelAt) {
        var signals = new CopyOnWriteArrayList<Signal>();
        var later = new CountDownLatch(1);
        simulator.start(
                Conversation.request(Endpoint.CHAT, STREAMED),
                (call, signal) -> {
                    signals.add(signal);
                    if (signals.size() == cancelAt) {
                        call.cancel();
                        VERTX.setTimer(30, _ -> later.countDown());
                    }
                });
        assertThat(await(later)).isTrue();
        return signals;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Conversation clocked(int ttft, int interToken, int tokens) {
        return new Conversation(
                VERTX,
                new Simulator(Duration.ofMillis(ttft), Duration.ofMillis(interToken), tokens));
    }

    private static String filler(int bytes) {
        return ",'metadata':'" + "x".repeat(bytes) + "'";
    }

    private static String id(List<JsonNode> chunks) {
        return chunks.getFirst().path("id").asText();
    }
}
