// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import static io.uplion.billing.PostgresServer.number;
import static io.uplion.billing.PostgresServer.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.billing.check.JournalHistory;
import io.uplion.billing.counting.BudgetKeeper;
import io.uplion.billing.intake.JournalSource;
import io.uplion.billing.price.Prices;
import io.uplion.billing.price.Prices.Setting;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PriceList.Dated;
import io.uplion.catalog.price.PriceList.Entry;
import io.uplion.catalog.price.PriceList.Of;
import io.uplion.catalog.price.SharedPrices;
import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.reserve.Books.Found;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.InProcessReservations;
import io.uplion.counters.reserve.Spent;
import io.uplion.platform.secret.Secret;
import io.uplion.queue.journal.UsageJournal;
import io.uplion.queue.journal.UsageTail;
import io.uplion.store.Database;
import io.uplion.task.ClaimSeal;
import io.uplion.task.UsageRecord;
import io.uplion.testing.wait.Await;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Billing as a whole over a database that can be taken away.
class BillingIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ClaimSeal SEAL = new ClaimSeal(Secret.of("a".repeat(40)));

    @TempDir private Path data;
    @TempDir private Path directory;
    private final InProcessReservations store = new InProcessReservations(System::nanoTime);
    private final AwayBudgets budgets = new AwayBudgets(store);
    private final InProcessSharedState shared = new InProcessSharedState(System::nanoTime);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();
    private EmbeddedPostgres server;
    private UsageJournal journal;
    private Jdbi jdbi;

    @BeforeEach
    void start() throws Exception {
        server = postgres(0);
        var url = server.getJdbcUrl("postgres", "postgres");
        var database = Database.open(PostgresServer.patient(url));
        open.add(database);
        database.migrate();
        jdbi = database.jdbi();
        journal = UsageJournal.open(directory);
        open.add(journal);
        var settings = BillingConfig.defaults();
        open.add(
                Billing.start(
                        settings,
                        BudgetKeeper.Pace.ONE_PROCESS,
                        new Billing.Outside(
                                jdbi,
                                JournalSource.open(
                                        directory,
                                        settings.batch(),
                                        settings.journalKeep(),
                                        Clock.systemUTC()),
                                new JournalHistory(directory),
                                budgets,
                                shared,
                                SEAL::isGenuine,
                                meters),
                        Clock.systemUTC()));
    }

    private EmbeddedPostgres postgres(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        for (var part : open.reversed()) {
            part.close();
        }
        server.close();
    }

    private UsageRecord publish(UsageRecord usage) {
        var signed =
                new UsageRecord(
                        SEAL.sign(usage.claim()),
                        usage.outcome(),
                        usage.source(),
                        usage.tokens(),
                        usage.status(),
                        usage.endedAt(),
                        usage.timing());
        journal.publish(signed).toCompletableFuture().join();
        return signed;
    }

    private void awaitBilled(int tasks) {
        Await.until("all is billed", LIMIT, () -> Books.areComplete(jdbi, tasks));
    }

    private boolean isAllAcknowledged() {
        try {
            var tail = UsageTail.open(directory);
            return tail.billed().equals(tail.end());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void usageWaitsWhileThePrimaryIsAwayAndNothingIsLost() throws Exception {
        var some = Usages.any();
        var published = new ArrayList<UsageRecord>();
        for (int i = 0; i < 50; i++) {
            published.add(publish(some.costs(i)));
        }
        awaitBilled(50);
        var port = server.getPort();
        server.close();
        for (int i = 0; i < 200; i++) {
            published.add(publish(some.costs(i)));
        }
        Await.until("billing has tried", LIMIT, () -> !isAllAcknowledged());

        server = postgres(port);

        Await.until("all is acknowledged", LIMIT, this::isAllAcknowledged);
        new Books(published).check(jdbi);
        assertThat(meters.get("uplion.billing.records").tag("result", "billed").counter().count())
                .isEqualTo(250);
    }

    @Test
    void batchThatTheCountersHaveNotHeardOfIsNotAcknowledgedUntilTheyHave() {
        var some = Usages.any();
        var counter = new Counter("account:" + some.account(), "total");
        store.open(some.account(), counter, new Spent(0, 0));
        budgets.away().set(true);
        publish(some.costs(30));
        awaitBilled(1);
        var refused = budgets.refused().get();
        Await.until("it is told again", LIMIT, () -> budgets.refused().get() > refused + 2);
        assertThat(isAllAcknowledged()).isFalse();

        budgets.away().set(false);

        Await.until("all is acknowledged", LIMIT, this::isAllAcknowledged);
        var books = (Found) store.books(some.account()).toCompletableFuture().join();
        assertThat(books.counters().get(counter).spent()).contains(new Spent(30, 1));
    }

    @Test
    void recordThatNoGatewayHasSignedIsSetAsideAndTheNextIsBilled() {
        var some = Usages.any();
        var forged = some.costs(1_000);
        var good = some.costs(7);
        var changed = publish(good).claim();
        journal.publish(forged).toCompletableFuture().join();
        var dearer = Usages.any().costs(900);
        journal.publish(
                        new UsageRecord(
                                dearer.claim().withSignature(changed.signature()),
                                dearer.outcome(),
                                dearer.source(),
                                dearer.tokens(),
                                dearer.status(),
                                dearer.endedAt(),
                                dearer.timing()))
                .toCompletableFuture()
                .join();
        var last = publish(some.costs(5));

        awaitBilled(2);
        Await.until("all is acknowledged", LIMIT, this::isAllAcknowledged);

        new Books(List.of(good, last)).check(jdbi);
        assertThat(texts(jdbi, "SELECT task::text FROM usage_rejects"))
                .containsExactlyInAnyOrder(
                        forged.claim().task().toString(), dearer.claim().task().toString());
    }

    @Test
    void priceThatIsSetReachesTheGateways() {
        var prices = new Prices(jdbi, Clock.systemUTC());
        var now = Instant.now();
        var price = new Price(1, 2, 3, 4, 5, 6);
        assertThat(prices.set(new Entry(Of.MODEL, "m", new Dated(now, new Price(9, 9, 9)))))
                .isEqualTo(new Setting.Set());
        prices.set(new Entry(Of.POOL, "p", new Dated(now, price)));
        assertThat(prices.set(new Entry(Of.MODEL, "m", new Dated(now.minusSeconds(90), price))))
                .isInstanceOf(Setting.Invalid.class);
        assertThat(prices.set(new Entry(Of.MODEL, "a\nb", new Dated(now, price))))
                .isInstanceOf(Setting.Invalid.class);

        try (var known = SharedPrices.start(shared)) {
            Await.until(
                    "the gateways know",
                    LIMIT,
                    () -> known.get().at("m", "p", now, Price.FREE).equals(price));
            assertThat(known.get().at("m", "q", now, Price.FREE)).isEqualTo(new Price(9, 9, 9));
        }
        assertThat(number(jdbi, "SELECT count(*) FROM prices")).isEqualTo(2);
    }
}
