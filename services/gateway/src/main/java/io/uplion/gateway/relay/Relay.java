// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.catalog.live.Catalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.OtherGateways;
import io.uplion.gateway.PoolReports;
import io.uplion.gateway.admission.DrainRates;
import io.uplion.gateway.admission.FullQueues;
import io.uplion.gateway.metrics.GatewayMetrics;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Subject;
import io.uplion.queue.TaskQueue;
import io.uplion.queue.UsageQueue;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk;
import io.uplion.task.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// All clients that wait at this gateway, found by task.
public final class Relay implements ReplyDesk, FullQueues.Waiting {
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final GatewayConfig config;
    private final Outside outside;
    private final DrainRates rates;
    private final GatewayMetrics metrics;
    private final KnownWorkers workers = new KnownWorkers();
    private final FairShares shares = new FairShares();
    private final OwedLetters letters = new OwedLetters();
    private final LostAnswers lost;
    private final AnswerRoom room;
    private final Map<UUID, Waiter> waiters = new ConcurrentHashMap<>();

    /// What is on the other side of the gateway.
    public record Outside(
            Catalog catalog,
            TaskQueue queue,
            UsageQueue usage,
            PoolReports pools,
            OtherGateways others,
            Clock clock) {}

    public Relay(GatewayConfig config, Outside outside, DrainRates rates, GatewayMetrics metrics) {
        this.config = config;
        this.outside = outside;
        this.rates = rates;
        this.metrics = metrics;
        this.lost = new LostAnswers(outside.usage(), outside.clock());
        this.room = new AnswerRoom(config.relay().answerMemoryBytes());
        metrics.untakenBytes(room::held);
        metrics.openRequests(waiters::size);
        metrics.heldRequests(
                () -> shares.held().values().stream().mapToInt(Integer::intValue).sum());
    }

    @Override
    public ReplyStream attach(Attach attach, Consumer<FromGateway> fromGateway) {
        Waiter waiter = waiters.get(attach.task());
        if (waiter == null || !Nonces.same(waiter.task().nonce(), attach.nonce())) {
            Optional<FromGateway.Letter> letter =
                    letters.of(attach.task(), attach.nonce(), System.nanoTime());
            fromGateway.accept(new FromGateway.Done(letter, false));
            return NobodyWaits.STREAM;
        }
        AttemptStream stream = new AttemptStream(attach, fromGateway, waiter);
        stream.open();
        return stream;
    }

    /// Before the task is published: a fast worker must find its client.
    void register(Waiter waiter) {
        waiters.put(waiter.task().id(), waiter);
    }

    void ended(Waiter waiter) {
        waiters.remove(waiter.task().id());
        rates.left(waiter.task().model());
    }

    /// Ends what these have asked for, whether it waits or runs.
    public void end(Set<Subject> subjects) {
        for (Waiter waiter : waiters.values()) {
            if (waiter.isOf(subjects)) {
                waiter.loop().emit(_ -> waiter.revoked());
            }
        }
    }

    /// Those of a model whose turn to be queued has not come.
    List<Waiter> heldBack(String model) {
        return waiters.values().stream()
                .filter(waiter -> waiter.task().model().equals(model))
                .filter(waiter -> waiter.share().isHeld())
                .toList();
    }

    /// Requests that wait or are being answered, or large answers that clients are still taking.
    public boolean isBusy() {
        return !waiters.isEmpty() || room.held() > 0;
    }

    /// Ends tasks for which nothing is held any more.
    public void release(Set<UUID> tasks) {
        for (UUID task : tasks) {
            Waiter waiter = waiters.get(task);
            if (waiter != null) {
                waiter.loop().emit(_ -> waiter.giveUp(FailureAnswer.released()));
            }
        }
    }

    /// Tells every client that is left that the gateway goes down. When this returns, what they owe
    /// is known.
    public void shutDown() {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (Waiter waiter : waiters.values()) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            told.add(ended);
            waiter.loop()
                    .emit(
                            _ -> {
                                waiter.giveUp(FailureAnswer.shuttingDown());
                                ended.complete(null);
                            });
        }
        CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        lost.reportNow();
    }

    /// Whether no pool can work that may serve the task, now that this one cannot either.
    Optional<PoolStatus> outageWithout(Task task, String pool, FromWorker.PoolTrouble trouble) {
        ServedModel served = outside.catalog().find(task.model());
        if (served == null) {
            return Optional.of(status(trouble));
        }
        Instant now = outside.clock().instant();
        ServedModel without =
                new ServedModel(
                        served.model(),
                        served.pools().stream()
                                .map(known -> troubled(known, pool, trouble))
                                .toList(),
                        served.since());
        return without.outage(task.endpoint(), now);
    }

    private static ServedModel.Pool troubled(
            ServedModel.Pool known, String pool, FromWorker.PoolTrouble trouble) {
        return known.manifest().name().equals(pool)
                ? new ServedModel.Pool(known.manifest(), status(trouble))
                : known;
    }

    static PoolStatus status(FromWorker.PoolTrouble trouble) {
        return new PoolStatus(
                PoolStatus.State.FAILED,
                trouble.reason(),
                trouble.message(),
                trouble.status(),
                Optional.of(trouble.retryAt()));
    }

    GatewayConfig config() {
        return config;
    }

    Catalog catalog() {
        return outside.catalog();
    }

    TaskQueue queue() {
        return outside.queue();
    }

    GatewayMetrics metrics() {
        return metrics;
    }

    PoolReports pools() {
        return outside.pools();
    }

    FairShares shares() {
        return shares;
    }

    OwedLetters letters() {
        return letters;
    }

    AnswerRoom room() {
        return room;
    }

    LostAnswers lost() {
        return lost;
    }

    /// What this gateway holds back, by model.
    public Map<String, Integer> held() {
        return shares.held();
    }

    OtherGateways others() {
        return outside.others();
    }

    /// As far as this gateway knows: in the queue, and held back.
    @Override
    public int all(String model) {
        return outside.queue().depth(model).waiting()
                + shares.held(model)
                + outside.others().held(model);
    }

    @Override
    public int of(String model, UUID owner) {
        return shares.waiting(model, owner);
    }

    /// For a client that is still counted among those who wait.
    OpenAiError refusal(Patience patience, String model) {
        return patience.refusal(rates, model, Math.max(0, all(model) - 1));
    }

    KnownWorkers workers() {
        return workers;
    }

    Clock clock() {
        return outside.clock();
    }

    private enum NobodyWaits implements ReplyStream {
        STREAM;

        @Override
        public void send(FromWorker message) {
            // The worker was told to forget the task.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
