// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.billing.check.JournalHistory;
import io.uplion.billing.check.UsageHistory;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisConfig;
import io.uplion.counters.reserve.Budgets;
import io.uplion.counters.reserve.RedisBudgets;
import io.uplion.platform.secret.Secret;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;

/// Usage and counters of a platform: in its broker and its Redis while it runs distributed; else
/// the journal, and counters that only their process knows.
final class BooksAccess {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private BooksAccess() {}

    static <T> T with(Path data, BiFunction<UsageHistory, Optional<Budgets>, T> work) {
        Path endpoints = data.resolve("run").resolve("endpoints.json");
        Path journal = data.resolve("usage");
        try {
            if (Files.exists(endpoints)) {
                return distributed(data, JSON.readTree(endpoints.toFile()), work);
            }
        } catch (IOException e) {
            throw new CommandFailure("the books cannot be read: " + e.getMessage());
        } catch (QueueException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
        UsageHistory usage =
                Files.exists(journal) ? new JournalHistory(journal) : UsageHistory.NONE;
        return work.apply(usage, Optional.empty());
    }

    private static <T> T distributed(
            Path data, JsonNode endpoints, BiFunction<UsageHistory, Optional<Budgets>, T> work)
            throws IOException {
        String broker = endpoints.path("pulsar").asText();
        String redis = endpoints.path("redis").asText();
        if (broker.isEmpty() || redis.isEmpty()) {
            throw new CommandFailure("the platform has not started yet; try again");
        }
        Secret password = Secret.of(Files.readString(data.resolve("redis").resolve("password")));
        RedisConfig store = RedisConfig.of(redis, Optional.of(password));
        try (PulsarConnection connection = PulsarConnection.open(broker);
                PulsarUsage usage = new PulsarUsage(connection);
                RedisCalls calls = RedisCalls.at(store, PATIENCE)) {
            return work.apply(usage::read, Optional.of(new RedisBudgets(calls)));
        }
    }
}
