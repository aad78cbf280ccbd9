// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import io.uplion.billing.check.Difference;
import io.uplion.billing.check.Reconciliation;
import io.uplion.billing.counting.CountersCheck;
import io.uplion.billing.ledger.Retention;
import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisConfig;
import io.uplion.counters.reserve.Book;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Holders;
import io.uplion.counters.reserve.RedisBudgets;
import io.uplion.openai.TokenUsage;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.keys.KeyCreation.Created;
import io.uplion.portal.keys.KeyTerms;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.invariant.Books;
import io.uplion.testing.invariant.LedgerRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Ledger and counters of a running cluster, read beside it as `./uplion reconcile` does.
final class ClusterBooks implements AutoCloseable {
    private static final String OWNER = "admin@localhost";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BACK = Duration.ofDays(2);

    private final Database database;
    private final RedisCalls redis;
    private final RedisBudgets budgets;
    private final CountersCheck counters;

    ClusterBooks(Cluster cluster) {
        database = Database.open(EmbeddedDatabase.attach(cluster.data()).orElseThrow());
        var password = Secret.of(Cluster.text(cluster.data().resolve("redis/password")));
        redis =
                RedisCalls.at(
                        RedisConfig.of(cluster.endpoint("redis"), Optional.of(password)), PATIENCE);
        budgets = new RedisBudgets(redis);
        counters =
                CountersCheck.of(database.jdbi(), budgets, Retention.FOR_EVER, Clock.systemUTC());
    }

    /// Another key of the first user's.
    Created newKey(String name, Limits limits) {
        var terms = new KeyTerms(Scope.INFERENCE, Set.of(), Set.of(), List.of(), limits);
        var asked = new NewKey(name, OWNER, Optional.empty(), terms, Optional.empty());
        return (Created) new Keys(database, Clock.systemUTC()).create(asked);
    }

    /// @param usage all that the usage topic has
    Books read(Instant since, List<UsageRecord> usage) {
        var held = held();
        return new Books(
                ledger(since),
                givenUp(),
                held,
                // Nobody has to compare what is known to be unfinished.
                held.isEmpty() ? differences(usage) : List.of());
    }

    List<LedgerRow> ledger(Instant since) {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                """
                                                SELECT task, attempt, outcome, input_tokens,
                                                    cached_input_tokens, output_tokens,
                                                    reasoning_tokens, audio_input_tokens,
                                                    audio_output_tokens, nanos, absorbed_nanos
                                                FROM ledger WHERE accepted_at >= :since
                                                """)
                                        .bind("since", since.atOffset(ZoneOffset.UTC))
                                        .map((row, _) -> row(row))
                                        .list());
    }

    private static LedgerRow row(ResultSet row) throws SQLException {
        return new LedgerRow(
                row.getObject(1, UUID.class),
                row.getInt(2),
                Outcome.valueOf(row.getString(3)),
                new TokenUsage(
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        row.getLong(8),
                        row.getLong(9)),
                row.getLong(10),
                row.getLong(11));
    }

    /// What the ledger says that a key was charged, ever.
    long charged(UUID key) {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.select(
                                                "SELECT coalesce(sum(nanos), 0)::bigint FROM ledger"
                                                        + " WHERE key_id = ?",
                                                key)
                                        .mapTo(Long.class)
                                        .one());
    }

    private Set<UUID> givenUp() {
        return new HashSet<>(
                database.jdbi()
                        .withHandle(
                                handle ->
                                        handle.select("SELECT task FROM given_up")
                                                .mapTo(UUID.class)
                                                .list()));
    }

    /// What a key's counter of its budget for ever says now; nothing where nobody can say.
    Optional<Book> total(UUID key) {
        var counter = new Counter("key:" + key, "total");
        return accounts().stream()
                .flatMap(account -> books(account).entrySet().stream())
                .filter(entry -> entry.getKey().equals(counter))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /// What counters hold, in words.
    List<String> held() {
        var held = new ArrayList<String>();
        switch (budgets.holders().toCompletableFuture().join()) {
            case Holders.Found(Set<UUID> accounts) ->
                    accounts.forEach(it -> held.add("tasks of account " + it + " have leases"));
            case Holders.Unknown(String why) -> held.add("it cannot be asked: " + why);
        }
        for (var account : accounts()) {
            books(account)
                    .forEach(
                            (counter, book) -> {
                                if (book.held() != 0) {
                                    held.add(counter + " holds " + book.held() + " nanos");
                                }
                            });
        }
        return held;
    }

    private List<UUID> accounts() {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.select("SELECT id FROM accounts").mapTo(UUID.class).list());
    }

    private Map<Counter, Book> books(UUID account) {
        return switch (budgets.books(account).toCompletableFuture().join()) {
            case io.uplion.counters.reserve.Books.Found(Map<Counter, Book> found) -> found;
            case io.uplion.counters.reserve.Books.Unknown _ -> Map.of();
        };
    }

    private List<String> differences(List<UsageRecord> usage) {
        try {
            return new Reconciliation(
                            database.jdbi(),
                            Optional.of(counters),
                            usage::forEach,
                            Retention.FOR_EVER,
                            Clock.systemUTC())
                    .run(BACK).stream().map(Difference::toString).toList();
        } catch (RuntimeException away) {
            return List.of("the books cannot be compared: " + away);
        }
    }

    @Override
    public void close() {
        try (database;
                redis) {
            // Whose they are goes on.
        }
    }
}
