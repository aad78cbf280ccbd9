// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.TopicState;
import io.uplion.queue.TopicState.Ledger;
import io.uplion.queue.TopicState.Reading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Asks the broker how the models' topics are. For one gateway, every few seconds: the broker
/// counts when it is asked.
public final class PulsarStatistics implements AutoCloseable {
    private static final int AT_ONCE = 8;

    private final PulsarAdmin admin;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    AT_ONCE, Thread.ofVirtual().name("statistics-", 0).factory());

    public PulsarStatistics(PulsarAdmin admin) {
        this.admin = admin;
    }

    /// Blocks.
    ///
    /// @return by model; those without a topic are left out
    /// @throws QueueException where the broker cannot be asked
    public Map<String, TopicState> poll(Collection<String> models) {
        Map<String, Future<Optional<TopicState>>> asked = new LinkedHashMap<>();
        for (String model : models) {
            Callable<Optional<TopicState>> question = () -> ask(Names.tasks(model));
            asked.put(model, threads.submit(question));
        }
        Map<String, TopicState> states = new LinkedHashMap<>();
        asked.forEach((model, answer) -> wait(answer).ifPresent(state -> states.put(model, state)));
        return states;
    }

    private static Optional<TopicState> wait(Future<Optional<TopicState>> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof QueueException known
                    ? known
                    : new QueueException("the broker's statistics cannot be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueueException("interrupted while asking the broker", e);
        }
    }

    private Optional<TopicState> ask(String topic) {
        Optional<JsonNode> stats =
                admin.get("persistent/" + topic + "/stats?getPreciseBacklog=true");
        if (stats.isEmpty()) {
            return Optional.empty();
        }
        return admin.get("persistent/" + topic + "/internalStats")
                .map(inside -> state(stats.get(), inside));
    }

    /// Where a worker has died the broker may count tasks among those that are held for good,
    /// though they are acknowledged: there cannot be more than are not.
    static TopicState state(JsonNode stats, JsonNode inside) {
        JsonNode workers = stats.path("subscriptions").path(Names.WORKERS);
        String[] read =
                inside.path("cursors")
                        .path(Names.WORKERS)
                        .path("readPosition")
                        .asText("-1:-1")
                        .split(":");
        long ledger = Long.parseLong(read[0]);
        long backlog = Math.max(0, workers.path("msgBacklog").asLong());
        return new TopicState(
                backlog,
                Math.toIntExact(Math.clamp(workers.path("unackedMessages").asLong(), 0, backlog)),
                workers.path("consumers").size(),
                stats.path("msgInCounter").asLong() - backlog,
                new Reading(
                        workers.path("msgInReplay").asLong(),
                        ledger,
                        Long.parseLong(read[1]),
                        ledgers(inside, ledger)));
    }

    /// The last piece is still being written; its length stands apart.
    private static List<Ledger> ledgers(JsonNode inside, long from) {
        List<Ledger> ledgers = new ArrayList<>();
        JsonNode pieces = inside.path("ledgers");
        for (int i = 0; i < pieces.size(); i++) {
            long id = pieces.get(i).path("ledgerId").asLong();
            boolean last = i == pieces.size() - 1;
            long entries =
                    last
                            ? inside.path("currentLedgerEntries").asLong()
                            : pieces.get(i).path("entries").asLong();
            if (id >= from) {
                ledgers.add(new Ledger(id, entries));
            }
        }
        return ledgers;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
