// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import static io.uplion.billing.PostgresServer.number;
import static io.uplion.billing.PostgresServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.billing.PostgresServer;
import io.uplion.billing.Usages;
import io.uplion.billing.intake.UsageBatch;
import io.uplion.store.Database;
import io.uplion.task.UsageRecord;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Tasks whose money is freed before their usage comes.
class GivenUpIT {
    private static PostgresServer server;
    private static Database database;
    private static Jdbi jdbi;
    private final Usages some = Usages.any();

    @BeforeAll
    static void start() {
        server = new PostgresServer();
        database = Database.open(server.newDatabase());
        jdbi = database.jdbi();
    }

    @AfterAll
    static void stop() {
        database.close();
        server.close();
    }

    private static Ledger ledger() {
        var clock = Clock.systemUTC();
        var months = new Months(jdbi, Retention.FOR_EVER, clock);
        return new Ledger(jdbi, _ -> true, months, Retention.FOR_EVER, clock);
    }

    private static void write(Ledger ledger, UsageRecord usage) {
        ledger.write(new UsageBatch(List.of(usage), List.of()));
    }

    @Test
    void lateUsageIsKeptAndNobodyPaysForIt() {
        var usage = some.capped(30).costs(50);
        var task = usage.claim().task();

        assertThat(ledger().giveUp(List.of(task))).containsExactly(task);
        assertThat(ledger().giveUp(List.of(task))).as("asked again").containsExactly(task);
        write(ledger(), usage);
        write(ledger(), usage);

        assertThat(
                        texts(
                                jdbi,
                                "SELECT nanos || ' ' || absorbed_nanos FROM ledger WHERE task = ?",
                                task))
                .containsExactly("0 50");
        assertThat(number(jdbi, "SELECT count(*) FROM spent WHERE account = ?", some.account()))
                .isZero();
    }

    @Test
    void whatIsBilledStaysAsItIs() {
        var usage = some.costs(50);
        write(ledger(), usage);

        assertThat(ledger().giveUp(List.of(usage.claim().task()))).isEmpty();
        assertThat(
                        texts(
                                jdbi,
                                "SELECT nanos::text FROM ledger WHERE task = ?",
                                usage.claim().task()))
                .containsExactly("50");
    }

    /// One process frees, another one bills, at the same moment: whatever is freed is not charged.
    @Test
    void taskIsChargedOrFreedAndNeverBoth() throws Exception {
        var usages = IntStream.range(0, 300).mapToObj(_ -> some.costs(5)).toList();
        var freed = new HashSet<UUID>();
        var together = new CyclicBarrier(2);
        try (var threads = Executors.newFixedThreadPool(2)) {
            var billing =
                    threads.submit(
                            () -> {
                                var ledger = ledger();
                                for (var usage : usages) {
                                    together.await();
                                    write(ledger, usage);
                                }
                                return true;
                            });
            var freeing =
                    threads.submit(
                            () -> {
                                var ledger = ledger();
                                for (var usage : usages) {
                                    together.await();
                                    freed.addAll(ledger.giveUp(List.of(usage.claim().task())));
                                }
                                return true;
                            });
            billing.get();
            freeing.get();
        }

        Set<UUID> charged =
                new HashSet<>(
                        jdbi.withHandle(
                                handle ->
                                        handle.select(
                                                        "SELECT task FROM ledger WHERE nanos > 0"
                                                                + " AND account = ?",
                                                        some.account())
                                                .mapTo(UUID.class)
                                                .list()));
        assertThat(charged).doesNotContainAnyElementsOf(freed);
        assertThat(charged.size() + freed.size()).isEqualTo(usages.size());
    }
}
