// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import io.uplion.queue.TopicState;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarStatistics;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import io.uplion.testing.invariant.Books;
import io.uplion.testing.invariant.Evidence;
import io.uplion.testing.invariant.Gauges;
import io.uplion.testing.invariant.InvariantChecker;
import io.uplion.testing.invariant.LedgerRow;
import io.uplion.testing.invariant.ProviderCall;
import io.uplion.testing.invariant.ProviderRecord;
import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Load;
import io.uplion.testing.load.Observation;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// All that was asked of a cluster since a test began. Nobody else uses it, so in the end each
/// record, each provider's call and each task belongs to one of these requests.
final class Witness {
    private static final Duration REST = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final List<Load> loads = new CopyOnWriteArrayList<>();
    private final List<Observation> probes = new CopyOnWriteArrayList<>();
    private final Set<String> others = ConcurrentHashMap.newKeySet();
    private Rules rules = Rules.STRICT;
    private long beganMillis = System.currentTimeMillis();
    private long beganNanos = System.nanoTime();

    Witness(Cluster cluster) {
        this.cluster = cluster;
    }

    void begin() {
        loads.clear();
        probes.clear();
        others.clear();
        rules = Rules.STRICT;
        cluster.provider().forget();
        beganMillis = System.currentTimeMillis();
        beganNanos = System.nanoTime();
    }

    /// What the faults of this test excuse.
    void allow(Rules faults) {
        rules = faults;
    }

    Load watch(Load load) {
        loads.add(load);
        return load;
    }

    /// A request that is no load's.
    void asked(String requestId) {
        others.add(requestId);
    }

    /// Whether a client gets a whole answer now. Its connection may break, at any time.
    boolean answers(String model) {
        try (Load load = cluster.unwatched()) {
            List<Observation> seen =
                    load.start(1, _ -> Ask.whole(model).hungAfter(ANSWER))
                            .awaitEnd(ANSWER.plus(REST));
            probes.addAll(seen);
            return seen.getLast().is(Kind.COMPLETED);
        }
    }

    /// The calls that the provider got for these requests, in the order in which they came.
    List<ProviderCall> calls(List<Observation> requests) {
        Set<String> markers = markers(requests);
        return ProviderRecord.of(cluster.provider()).calls().stream()
                .filter(call -> markers.contains(call.marker()))
                .toList();
    }

    private static Set<String> markers(List<Observation> requests) {
        return requests.stream().map(one -> one.sent().marker()).collect(Collectors.toSet());
    }

    /// All that was asked and has ended, but for what no load has sent.
    List<Observation> requests() {
        List<Observation> seen = new ArrayList<>(probes);
        loads.forEach(load -> seen.addAll(load.observations()));
        return seen;
    }

    /// What the ledger has of these requests.
    List<LedgerRow> billed() {
        return ofRequests(cluster.books().ledger(began()));
    }

    /// Waits until everything that must hold after a run holds.
    void assertInvariants() {
        List<Observation> seen = requests();
        Set<String> ofProbes = markers(probes);
        Rules all =
                rules.mayBreak(
                        one ->
                                ofProbes.contains(one.sent().marker())
                                        || rules.mayBreak().test(one));
        new InvariantChecker(all).settle(REST, () -> evidence(seen)).assertClean();
    }

    /// With all that the processes, the broker and the usage topic say now.
    private Evidence evidence(List<Observation> seen) {
        List<UsageRecord> usage = cluster.usage();
        Evidence evidence =
                Evidence.of(seen)
                        .usage(own(usage))
                        .books(own(cluster.books().read(began(), usage)))
                        .provider(provider())
                        .gauges(waitingTasks());
        for (String gateway : cluster.names("gateway")) {
            evidence = evidence.gauges(gauges(Gauges.Role.GATEWAY, gateway + "-health"));
        }
        for (String worker : cluster.names("worker")) {
            evidence = evidence.gauges(gauges(Gauges.Role.WORKER, worker));
        }
        return evidence;
    }

    private Gauges gauges(Gauges.Role role, String endpoint) {
        String url = cluster.endpoint(endpoint);
        // A process may end between being listed and being asked.
        return url.isEmpty() ? new Gauges(role, endpoint, Map.of()) : Gauges.fetch(role, url);
    }

    private List<UsageRecord> own(List<UsageRecord> usage) {
        return usage.stream()
                .filter(record -> acceptedAt(record) >= beganMillis)
                .filter(record -> !others.contains(Cluster.requestId(record)))
                .toList();
    }

    private Books own(Books books) {
        return new Books(
                ofRequests(books.ledger()), books.givenUp(), books.held(), books.differences());
    }

    private List<LedgerRow> ofRequests(List<LedgerRow> ledger) {
        return ledger.stream().filter(row -> !others.contains(Task.requestId(row.task()))).toList();
    }

    private Instant began() {
        return Instant.ofEpochMilli(beganMillis);
    }

    /// A task's id begins with the time at which it was accepted.
    private static long acceptedAt(UsageRecord record) {
        return record.claim().task().getMostSignificantBits() >>> 16;
    }

    private ProviderRecord provider() {
        ProviderRecord all = ProviderRecord.of(cluster.provider());
        List<ProviderCall> calls =
                all.calls().stream().filter(call -> call.beganNanos() >= beganNanos).toList();
        return new ProviderRecord(calls, all.whole(), all.takenNanos());
    }

    /// Tasks of all models that no worker has acknowledged.
    long tasks() {
        try (PulsarAdmin admin = new PulsarAdmin(cluster.endpoint("pulsar-admin"));
                PulsarStatistics statistics = new PulsarStatistics(admin)) {
            return statistics.poll(cluster.models()).values().stream()
                    .mapToLong(TopicState::backlog)
                    .sum();
        }
    }

    void awaitTasks(int count) {
        Await.until(count + " tasks are in the queue", REST, () -> tasks() == count);
    }

    /// Whatever becomes of the tasks in the queues has become of them then.
    void awaitNoTasks() {
        awaitTasks(0);
    }

    private Gauges waitingTasks() {
        Map<String, Double> sums = Map.of("uplion_queue_tasks", (double) tasks());
        return new Gauges(Gauges.Role.QUEUE, cluster.endpoint("pulsar-admin"), sums);
    }
}
