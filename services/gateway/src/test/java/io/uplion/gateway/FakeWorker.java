// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.openai.TokenUsage;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromGateway.Committed;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromWorker;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.ReplyDesk;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A worker in the hands of a test: it says what it is told to say and keeps what it hears.
public final class FakeWorker {
    /// What it says that each of its events has.
    public static final long EVENT_TOKENS = 5;

    private final FakeQueue queue;
    private final Task task;
    private final List<FromGateway> heard = new CopyOnWriteArrayList<>();
    private final ReplyStream stream;
    private boolean accounts;

    /// Opens a reply stream and waits for the answer.
    public FakeWorker(FakeQueue queue, ReplyDesk desk, Task task, String pool, String name) {
        this.queue = queue;
        this.task = task;
        this.stream =
                desk.attach(
                        new Attach(task.id(), task.gateway(), task.nonce(), pool, name),
                        heard::add);
        queue.settle(task);
    }

    /// Once it is committed it also says, as workers do, that it accounts for its answer.
    public FakeWorker say(FromWorker message) {
        sayOnly(message);
        if (!accounts && heard.stream().anyMatch(Committed.class::isInstance)) {
            accounts = true;
            sayOnly(new FromWorker.Accounts());
        }
        return this;
    }

    /// And nothing that belongs to it.
    public FakeWorker sayOnly(FromWorker message) {
        stream.send(message);
        queue.settle(task);
        return this;
    }

    /// One event of a stream.
    public FakeWorker event(String data) {
        var frame = "data: " + data + "\n\n";
        return say(new FromWorker.Event(frame.getBytes(StandardCharsets.UTF_8), EVENT_TOKENS));
    }

    public FakeWorker answer(int status, String json) {
        return say(
                new FromWorker.Answer(
                        status, "application/json", json.getBytes(StandardCharsets.UTF_8)));
    }

    public FakeWorker end() {
        return say(new FromWorker.End(TokenUsage.of(3, 4)));
    }

    public FakeWorker fail(String why) {
        return fail(Failure.Kind.UPSTREAM_ERROR, why);
    }

    public FakeWorker fail(Failure.Kind kind, String why) {
        return say(new FromWorker.Failed(Failure.of(kind, why)));
    }

    public FakeWorker trouble(int status, Instant retryAt) {
        return say(new FromWorker.PoolTrouble(status, "RateLimited", retryAt, "come again"));
    }

    /// Vanishes.
    public FakeWorker close() {
        stream.close();
        queue.settle(task);
        return this;
    }

    public List<FromGateway> heard() {
        return List.copyOf(heard);
    }

    public FromGateway last() {
        return heard.getLast();
    }

    public boolean isGranted() {
        return heard.stream().anyMatch(Go.class::isInstance);
    }

    /// The number of its grant.
    public int attempt() {
        return heard.stream()
                .filter(Go.class::isInstance)
                .map(Go.class::cast)
                .findFirst()
                .orElseThrow()
                .attempt();
    }
}
