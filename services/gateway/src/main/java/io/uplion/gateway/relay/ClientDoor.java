// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import com.github.f4b6a3.uuid.UuidCreator;
import io.uplion.catalog.live.ServedModel;
import io.uplion.gateway.allowance.Allowance;
import io.uplion.gateway.answer.Answers;
import io.uplion.gateway.claim.Terms;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.RequestHead;
import io.uplion.platform.identity.Principal;
import io.uplion.task.Task;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Where accepted requests become waiting clients, on one event loop; keeps time for them.
public final class ClientDoor {
    private static final long TICK_MILLIS = 200;

    private final Relay relay;
    private final Task.Gateway self;
    private final Answers answers;
    private final Nonces nonces = new Nonces();
    private final List<Waiter> waiters = new ArrayList<>();

    public ClientDoor(Relay relay, Task.Gateway self, Answers answers) {
        this.relay = relay;
        this.self = self;
        this.answers = answers;
    }

    /// @param id what `x-request-id` said already
    public record Entry(
            UUID id,
            Principal principal,
            RequestHead head,
            ServedModel model,
            byte[] body,
            Options options) {}

    /// @param patience how long for a worker
    /// @param progress tell the client of its place
    /// @param allowance what the task holds of limits; settled at its end
    /// @param terms what it is billed by
    /// @param bodyReleased gives the body's memory back
    /// @param witness learns what the client is told
    public record Options(
            Duration patience,
            boolean progress,
            Allowance allowance,
            Terms terms,
            Runnable bodyReleased,
            Witness witness) {}

    /// The event loop that the caller runs on.
    public static ContextInternal currentLoop() {
        if (Vertx.currentContext() instanceof ContextInternal loop) {
            return loop;
        }
        throw new IllegalStateException("not on an event loop");
    }

    public static UUID newId() {
        return UuidCreator.getTimeOrderedEpochPlus1();
    }

    public void startTicking(Vertx vertx) {
        vertx.setPeriodic(TICK_MILLIS, _ -> tick());
    }

    /// Registers the client, then publishes its task.
    public void enter(Entry entry, HttpServerRequest asked) {
        HttpServerResponse response = asked.response();
        ContextInternal loop = currentLoop();
        WaitingRequest request =
                new WaitingRequest(
                        new WaitingRequest.Accepted(
                                task(entry),
                                entry.options().patience(),
                                entry.principal(),
                                entry.model(),
                                entry.options().progress(),
                                asked.headers(),
                                entry.options().allowance(),
                                entry.options().terms()),
                        loop,
                        entry.body(),
                        entry.options().bodyReleased());
        ClientAnswer client =
                new ClientAnswer(asked, answers, entry.options().witness(), relay.room().share());
        Waiter waiter = new Waiter(request, client, relay, this::turnCame);
        response.closeHandler(_ -> gone(waiter, client));
        response.exceptionHandler(_ -> gone(waiter, client));
        waiters.add(waiter);
        relay.register(waiter);
        if (response.closed()) {
            // Gone before anybody listened for it.
            gone(waiter, client);
            return;
        }
        if (waiter.share().enter()) {
            publish(waiter);
        }
    }

    private static void gone(Waiter waiter, ClientAnswer client) {
        waiter.clientGone();
        client.gone();
    }

    private void turnCame(Waiter waiter) {
        waiter.loop().emit(_ -> publish(waiter));
    }

    private void publish(Waiter waiter) {
        if (waiter.isOver()) {
            return;
        }
        relay.queue()
                .publish(waiter.task())
                .whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                waiter.loop().emit(_ -> notQueued(waiter));
                            }
                        });
    }

    /// Whatever is held back would be told the same, one window after the other, each as long after
    /// the one before as it takes to give a broker up: it is told now.
    private void notQueued(Waiter waiter) {
        for (Waiter behind : relay.heldBack(waiter.task().model())) {
            behind.loop().emit(_ -> refuse(behind));
        }
        refuse(waiter);
    }

    private static void refuse(Waiter waiter) {
        waiter.fail(
                ErrorCode.MODEL_UNAVAILABLE
                        .error("The request could not be queued; try again shortly.")
                        .retryAfter(Duration.ofSeconds(1)));
    }

    private Task task(Entry entry) {
        boolean inline = entry.body().length <= relay.config().relay().inlineBodyBytes();
        return new Task(
                entry.id(),
                entry.head().model(),
                entry.head().endpoint(),
                entry.head().stream(),
                relay.clock().instant().plus(entry.options().patience()),
                self,
                nonces.next(),
                inline ? new Task.Inline(entry.body()) : new Task.Kept(entry.body().length));
    }

    private void tick() {
        long now = System.nanoTime();
        for (Waiter waiter : List.copyOf(waiters)) {
            tick(waiter, now);
        }
        waiters.removeIf(Waiter::isGone);
    }

    /// A fault in one must not stop the clock of the others.
    private static void tick(Waiter waiter, long now) {
        try {
            waiter.tick(now);
        } catch (Throwable fault) {
            waiter.crashed(fault);
        }
    }
}
