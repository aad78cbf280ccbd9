// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.openai.Endpoint;
import io.uplion.openai.StreamChunk;
import io.uplion.openai.TokenUsage;
import io.uplion.openai.WholeAnswer;
import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.TaskQueue.Delivery;
import io.uplion.task.Attach;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.backend.Backend.Chunk;
import io.uplion.worker.backend.Backend.Signal;
import io.uplion.worker.backend.Backend.Whole;
import io.uplion.worker.metrics.WorkerMetrics;
import io.uplion.worker.pool.PoolHealth;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One attempt between a gateway, a backend, a queue and a usage queue that the test plays. Each
/// move runs on the attempt's event loop and returns when that has done its work.
final class AttemptBench implements AutoCloseable {
    final List<String> log = new ArrayList<>();
    final List<FromWorker> sent = new ArrayList<>();
    final List<String> rests = new ArrayList<>();
    int ended;
    boolean receiptsWait;
    @Nullable FromGateway answerWhileAttaching;
    Duration patience = Duration.ofSeconds(60);
    Task task = task(new Task.Inline(new byte[0]), true);
    Attach attach = new Attach(task.id(), task.gateway(), "", "", "");
    boolean lettersFail;
    @Nullable Error backendFault;
    int released;
    @Nullable Error deskFault;
    Backend.@Nullable Request request;
    @Nullable UsageRecord usage;
    @Nullable DeadLetter letter;
    @Nullable Claim claim;

    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal loop = ((VertxInternal) vertx).createEventLoopContext();
    private final CompletableFuture<Void> receipt = new CompletableFuture<>();
    private Consumer<FromGateway> gateway = _ -> {};
    private Consumer<Signal> backend = _ -> {};
    private @Nullable Attempt attempt;
    private long grantedAt;

    static String body(boolean stream, String more) {
        return "{\"model\":\"m\",\"messages\":[{\"content\":\"1234\"}],\"stream\":"
                + stream
                + more
                + "}";
    }

    private Task task(Task.Body body, boolean stream) {
        return new Task(
                new UUID((System.currentTimeMillis() << 16) | 0x7000, Long.MIN_VALUE | 7),
                "m",
                Endpoint.CHAT,
                stream,
                Instant.now().plus(patience),
                new Task.Gateway("gateway", new UUID(1, 2)),
                "nonce",
                body);
    }

    private static AIModel manifest() {
        return new AIModel(
                "pool-a",
                "m",
                Serving.Simulator.DEFAULT,
                EnumSet.allOf(Endpoint.class),
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                AIModel.Scaling.defaults(4),
                AIModel.Price.FREE,
                AIModel.Limits.DEFAULT,
                AIModel.Access.EVERYONE);
    }

    void deliver(boolean stream, String more) {
        var bytes = body(stream, more).getBytes(StandardCharsets.UTF_8);
        deliver(stream, more, new Task.Inline(bytes));
    }

    /// @param more fields behind the others
    void deliver(boolean stream, String more, Task.Body body) {
        task = task(body, stream);
        var created = new Attempt(new FakeDelivery(), context(), loop, _ -> ended++);
        attempt = created;
        onLoop(created::start);
    }

    private SlotContext context() {
        return new SlotContext(
                manifest(),
                "pool-a-1",
                Duration.ofSeconds(2),
                new FakeBackend(),
                new PoolHealth(new FakeSwitch(), Clock.systemUTC()),
                new SlotContext.Outside(
                        this::attach, this::publish, this::write, Clock.systemUTC()),
                new WorkerMetrics(new SimpleMeterRegistry(), manifest()));
    }

    private ReplyStream attach(Attach opened, Consumer<FromGateway> fromGateway) {
        attach = opened;
        if (deskFault != null) {
            throw deskFault;
        }
        gateway = fromGateway;
        if (answerWhileAttaching != null) {
            fromGateway.accept(answerWhileAttaching);
        }
        return new FakeStream();
    }

    private CompletionStage<Void> publish(UsageRecord published) {
        usage = published;
        log.add("usage " + published.outcome());
        return receiptsWait ? receipt : CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> write(DeadLetter written) {
        letter = written;
        log.add("letter");
        return lettersFail
                ? CompletableFuture.failedFuture(new IllegalStateException("the disk is full"))
                : CompletableFuture.completedFuture(null);
    }

    void hear(FromGateway message) {
        if (message instanceof FromGateway.Go) {
            grantedAt = System.nanoTime();
        }
        onLoop(() -> gateway.accept(message));
    }

    /// On a thread of the gateway's, while the attempt's loop is busy with something else.
    void hearBeside(FromGateway message, Runnable then) {
        var free = new CompletableFuture<Void>();
        loop.runOnContext(_ -> free.join());
        try {
            gateway.accept(message);
            then.run();
        } finally {
            free.complete(null);
        }
        onLoop(() -> {});
    }

    void commit() {
        claim =
                new Claim(
                        task.id(),
                        1,
                        new UUID(1, 1),
                        new UUID(2, 2),
                        Optional.empty(),
                        "m",
                        Endpoint.CHAT,
                        "pool-a",
                        AIModel.Price.FREE,
                        OptionalLong.empty(),
                        "");
        hear(new FromGateway.Committed(1, claim));
    }

    void signal(Signal signal) {
        onLoop(() -> backend.accept(signal));
    }

    void chunk(String json) {
        var data = json.getBytes(StandardCharsets.UTF_8);
        signal(new Chunk(StreamChunk.read(data).orElseThrow(), data));
    }

    void whole(int status, String json) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        signal(new Whole(status, "application/json", body, WholeAnswer.read(Endpoint.CHAT, body)));
    }

    void error(int status) {
        signal(new Whole(status, "application/json", new byte[] {'{', '}'}, Optional.empty()));
    }

    void receipt(@Nullable Throwable failure) {
        onLoop(
                () -> {
                    if (failure == null) {
                        receipt.complete(null);
                    } else {
                        receipt.completeExceptionally(failure);
                    }
                });
    }

    /// As if so much time had passed since the leave.
    void tick(Duration after) {
        onLoop(() -> running().tick(grantedAt + after.toNanos()));
    }

    void abandon() {
        onLoop(() -> running().abandon());
    }

    private Attempt running() {
        if (attempt == null) {
            throw new IllegalStateException("nothing was delivered");
        }
        return attempt;
    }

    List<String> frames() {
        return sent.stream()
                .filter(FromWorker.Event.class::isInstance)
                .map(
                        event ->
                                new String(
                                        ((FromWorker.Event) event).frame(), StandardCharsets.UTF_8))
                .toList();
    }

    private void onLoop(Runnable move) {
        var done = new CompletableFuture<Void>();
        loop.runOnContext(
                _ -> {
                    try {
                        move.run();
                        done.complete(null);
                    } catch (RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                });
        done.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private final class FakeDelivery implements Delivery {
        @Override
        public Task task() {
            return task;
        }

        @Override
        public void ack() {
            log.add("ack");
        }

        @Override
        public void later(Duration backoff) {
            log.add("later " + backoff);
        }
    }

    private final class FakeStream implements ReplyStream {
        @Override
        public void send(FromWorker message) {
            sent.add(message);
            log.add(
                    switch (message) {
                        case FromWorker.Answer answer -> "answer " + answer.status();
                        case FromWorker.Event _ -> "event";
                        case FromWorker.Accounts() -> "accounts";
                        case FromWorker.End(TokenUsage _) -> "end";
                        case FromWorker.Failed(FromWorker.Failure failure) ->
                                "failed " + failure.kind();
                        case FromWorker.PoolTrouble trouble ->
                                "trouble " + trouble.status() + " " + trouble.reason();
                    });
        }

        @Override
        public void close() {
            log.add("close");
        }
    }

    private final class FakeBackend implements Backend {
        @Override
        public Call start(Request asked, Consumer<Signal> signals) {
            request = asked;
            backend = signals;
            if (backendFault != null) {
                throw backendFault;
            }
            return new Call() {
                @Override
                public void cancel() {
                    if (!log.contains("cancel")) {
                        log.add("cancel");
                    }
                }

                @Override
                public void pace(boolean hold) {
                    log.add(hold ? "hold" : "go on");
                }

                @Override
                public void release() {
                    released++;
                }
            };
        }

        @Override
        public void close() {}
    }

    private final class FakeSwitch implements PoolHealth.Switch {
        @Override
        public void openAll() {}

        @Override
        public void openOne() {}

        @Override
        public void closeIdle() {}

        @Override
        public void report(PoolStatus status) {
            rests.add(status.reason());
        }

        @Override
        public void after(Duration wait, Runnable then) {}
    }
}
