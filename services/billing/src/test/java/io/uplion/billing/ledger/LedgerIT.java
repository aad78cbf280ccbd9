// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import static io.uplion.billing.PostgresServer.number;
import static io.uplion.billing.PostgresServer.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.billing.PostgresServer;
import io.uplion.billing.Usages;
import io.uplion.billing.intake.Unreadable;
import io.uplion.billing.intake.UsageBatch;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Spent;
import io.uplion.store.Database;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a batch does to a real database.
class LedgerIT {
    private static final Instant NOW = Instant.parse("2026-11-28T23:30:00Z");

    private static PostgresServer server;
    private final Usages some = Usages.any();
    private Database database;
    private Jdbi jdbi;
    private Ledger ledger;

    @BeforeAll
    static void start() {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        database = Database.open(server.newDatabase());
        jdbi = database.jdbi();
        ledger = ledger(Retention.FOR_EVER, NOW);
    }

    private Ledger ledger(Retention retention, Instant now) {
        var clock = Clock.fixed(now, ZoneOffset.UTC);
        return new Ledger(
                jdbi,
                claim -> !claim.signature().equals("forged"),
                new Months(jdbi, retention, clock),
                retention,
                clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Written write(UsageRecord... records) {
        return ledger.write(new UsageBatch(List.of(records), List.of()));
    }

    private Spent spent(String subject, String period) {
        var counter = new Counter(subject, period);
        return ledger.spent(some.account(), List.of(counter)).get(counter);
    }

    @Test
    void chargeCountsForKeyUserAndAccountInEachPeriodOfItsAcceptance() {
        var written = write(some.costs(30, NOW), some.costs(12, NOW));

        assertThat(written.billed()).isEqualTo(2);
        assertThat(written.transactions()).isEqualTo(1);
        for (var subject :
                List.of(
                        "key:" + some.key().orElseThrow(),
                        "user:" + some.user(),
                        "account:" + some.account())) {
            for (var period : List.of("2026-11-28", "2026-11", "total")) {
                assertThat(spent(subject, period)).isEqualTo(new Spent(42, 1));
                assertThat(written.accounts().get(some.account()).spent())
                        .containsEntry(new Counter(subject, period), new Spent(42, 1));
            }
        }
        write(some.costs(1, NOW.plusSeconds(3600)));
        assertThat(spent("user:" + some.user(), "2026-11-28")).isEqualTo(new Spent(42, 1));
        assertThat(spent("user:" + some.user(), "2026-11-29")).isEqualTo(new Spent(1, 1));
        assertThat(spent("user:" + some.user(), "2026-11")).isEqualTo(new Spent(43, 2));
        assertThat(number(jdbi, "SELECT nanos FROM balances")).isEqualTo(43);
    }

    @Test
    void whatComesAgainChangesNothingAndIsToldAgain() {
        var one = some.costs(30, NOW);
        var two = some.costs(5, NOW);
        write(one);

        var again = write(one, two, two, one);

        assertThat(again.billed()).isEqualTo(1);
        var told = again.accounts().get(some.account());
        assertThat(told.tasks()).containsExactlyInAnyOrder(one.claim().task(), two.claim().task());
        assertThat(told.spent().get(new Counter("user:" + some.user(), "total")))
                .isEqualTo(new Spent(35, 2));
        var third = write(two);
        assertThat(third.billed()).isZero();
        assertThat(third.accounts().get(some.account()).spent()).isEqualTo(told.spent());
        assertThat(number(jdbi, "SELECT count(*) FROM ledger")).isEqualTo(2);
        assertThat(number(jdbi, "SELECT requests FROM balances")).isEqualTo(2);
    }

    @Test
    void brokenIsFreeCancelledPaysAndNobodyPaysMoreThanTheClaimsBound() {
        var written =
                write(
                        some.ended(Outcome.BROKEN).costs(1000, NOW),
                        some.ended(Outcome.CANCELLED).costs(70, NOW),
                        some.capped(10).costs(25, NOW),
                        some.capped(10).costs(10, NOW));

        assertThat(written.absorbed()).isEqualTo(15);
        assertThat(spent("user:" + some.user(), "total")).isEqualTo(new Spent(90, 1));
        assertThat(texts(jdbi, "SELECT nanos || ' ' || absorbed_nanos FROM ledger ORDER BY 1"))
                .containsExactly("0 0", "10 0", "10 15", "70 0");
        assertThat(number(jdbi, "SELECT absorbed_nanos FROM balances")).isEqualTo(15);
    }

    @Test
    void rolledKeyIsCountedAsTheOneItWasRolledFrom() {
        var first = UUID.randomUUID();
        var rolled = some.key().orElseThrow();
        jdbi.useHandle(
                handle -> {
                    handle.execute("SET session_replication_role = replica");
                    handle.execute(
                            "INSERT INTO api_keys (id, account_id, user_id, name, sha256, prefix,"
                                    + " last4, created_at, counted_as) VALUES (?, ?, ?, 'k',"
                                    + " sha256('a'), 'upl', 'last', now(), ?)",
                            rolled,
                            some.account(),
                            some.user(),
                            first);
                    handle.execute("SET session_replication_role = DEFAULT");
                });

        write(some.costs(30, NOW), some.by(some.user(), Optional.of(first)).costs(7, NOW));

        assertThat(spent("key:" + first, "total")).isEqualTo(new Spent(37, 1));
        assertThat(spent("key:" + rolled, "total")).isEqualTo(new Spent(0, 0));
    }

    @Test
    void forgedRecordIsSetAsideAndChargesNobody() {
        var forged =
                new Usages(
                        some.account(),
                        some.user(),
                        some.key(),
                        "m",
                        Outcome.COMPLETED,
                        some.cap(),
                        "forged");

        var record = forged.costs(9, NOW);
        var written = write(record, some.costs(1, NOW), record);

        assertThat(written.rejected()).isEqualTo(2);
        assertThat(spent("account:" + some.account(), "total")).isEqualTo(new Spent(1, 1));
        assertThat(texts(jdbi, "SELECT task || ' ' || reason FROM usage_rejects"))
                .containsExactly(
                        record.claim().task() + " no gateway of ours has signed its claim");
    }

    @Test
    void whatCannotBeStoredIsSetAsideAndTheRestIsBilled() {
        var records = new ArrayList<UsageRecord>();
        for (int i = 0; i < 9; i++) {
            records.add(some.costs(1, NOW));
        }
        records.add(4, some.model("a\0b").costs(1, NOW));
        records.add(some.model(longerThanAnIndexTakes()).costs(1, NOW));
        records.add(some.record(UUID.randomUUID(), 1));
        records.add(some.costs(1, Instant.parse("2020-01-01T00:00:00Z")));
        records.add(some.costs(1, NOW.plusSeconds(3 * 24 * 3600)));
        var junk = new Unreadable("junk\0".getBytes(StandardCharsets.UTF_8), "it is junk");

        var written = ledger.write(new UsageBatch(records, List.of(junk)));

        assertThat(written.billed()).isEqualTo(9);
        assertThat(written.rejected()).isEqualTo(6);
        assertThat(spent("account:" + some.account(), "total").nanos()).isEqualTo(9);
        assertThat(number(jdbi, "SELECT count(*) FROM usage_rejects")).isEqualTo(6);
        assertThat(ledger.write(new UsageBatch(records, List.of(junk))).billed()).isZero();
        assertThat(number(jdbi, "SELECT count(*) FROM usage_rejects")).isEqualTo(6);
    }

    /// In no order, so that nothing makes it shorter.
    private static String longerThanAnIndexTakes() {
        return new Random(1)
                .ints(9_000, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void ledgerOnlyGrows() {
        write(some.costs(1, NOW));

        for (var sql :
                List.of(
                        "UPDATE ledger SET nanos = 0",
                        "DELETE FROM ledger",
                        "TRUNCATE ledger",
                        "TRUNCATE ledger_2026_11",
                        "DELETE FROM ledger_2026_11")) {
            assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute(sql)))
                    .as(sql)
                    .hasMessageContaining("only grows");
        }
        assertThat(number(jdbi, "SELECT sum(nanos)::bigint FROM ledger")).isEqualTo(1);
    }

    @Test
    void rollupsAddUpByTheHourAndTheirTimesByAccountAndForEverybody() {
        write(some.costs(30, NOW), some.costs(12, NOW), some.costs(1, NOW.plusSeconds(3600)));
        write(some.costs(8, NOW), some.by(some.user(), Optional.empty()).costs(2, NOW));
        write(some.of(UUID.randomUUID()).costs(4, NOW));

        assertThat(
                        texts(
                                jdbi,
                                "SELECT to_char(hour AT TIME ZONE 'UTC', 'HH24') || ' ' || requests"
                                        + " || ' ' || nanos || ' ' || input_tokens"
                                        + " FROM usage_rollups ORDER BY requests DESC, nanos DESC"))
                .containsExactly("23 3 50 50", "23 1 4 4", "23 1 2 2", "00 1 1 1");
        assertThat(
                        texts(
                                jdbi,
                                "SELECT to_char(hour AT TIME ZONE 'UTC', 'DD') || ' ' || requests"
                                        + " || ' ' || nanos || ' ' || total[20]"
                                        + " FROM usage_days JOIN usage_times"
                                        + " USING (account, hour, model, pool, outcome)"
                                        + " ORDER BY hour"))
                .containsExactly("28 5 56 5", "29 1 1 1");
        assertThat(
                        texts(
                                jdbi,
                                "SELECT to_char(hour AT TIME ZONE 'UTC', 'HH24') || ' '"
                                        + " || first_frame[11] || ' ' || total[20]"
                                        + " FROM usage_times WHERE account = '"
                                        + some.account()
                                        + "' ORDER BY hour"))
                .containsExactly("23 4 4", "00 1 1");
        assertThat(Buckets.end(10)).isEqualTo(32);
        assertThat(Buckets.end(19)).isEqualTo(724);
        assertThat(texts(jdbi, "SELECT (sum_buckets(total))[20]::text FROM usage_times"))
                .containsExactly("12");
    }

    @Test
    void monthsAreMadeAheadAndGoAsAWhole() {
        var months = new Months(jdbi, new Retention(1), Clock.fixed(NOW, ZoneOffset.UTC));
        ledger.write(
                new UsageBatch(
                        List.of(
                                some.costs(1, Instant.parse("2026-09-30T23:59:59Z")),
                                some.costs(2, Instant.parse("2026-10-01T00:00:00Z"))),
                        List.of()));

        months.ahead();
        months.ahead();
        assertThat(parts()).containsExactly("2026_09", "2026_10", "2026_11", "2026_12", "2027_01");
        jdbi.useHandle(
                handle ->
                        handle.execute(
                                "INSERT INTO given_up VALUES (gen_random_uuid(), ?::timestamptz),"
                                        + " (gen_random_uuid(), ?::timestamptz)",
                                "2026-09-30T23:59:59Z",
                                "2026-10-01T00:00:00Z"));
        months.retire();

        assertThat(number(jdbi, "SELECT count(*) FROM given_up")).isOne();
        assertThat(parts()).containsExactly("2026_10", "2026_11", "2026_12", "2027_01");
        assertThat(number(jdbi, "SELECT sum(nanos)::bigint FROM ledger")).isEqualTo(2);
        assertThat(spent("user:" + some.user(), "total").nanos()).isEqualTo(3);
        var late = some.costs(5, Instant.parse("2026-09-30T23:59:59Z"));
        var keeping = ledger(new Retention(1), NOW);
        assertThat(keeping.write(new UsageBatch(List.of(late), List.of())).rejected()).isOne();
    }

    private List<String> parts() {
        return texts(
                jdbi,
                "SELECT substring(inhrelid::regclass::text FROM 8) FROM pg_inherits"
                        + " WHERE inhparent = 'ledger'::regclass ORDER BY 1");
    }

    @Test
    void writersOfTheSameRecordsInAnyOrderDoNotBlockEachOther() throws Exception {
        var all =
                IntStream.range(0, 400)
                        .mapToObj(i -> some.of(new UUID(1, i % 7)).costs(1, NOW))
                        .toList();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var writers =
                    IntStream.range(0, 4)
                            .mapToObj(
                                    _ ->
                                            threads.submit(
                                                    () -> {
                                                        var own = new ArrayList<>(all);
                                                        Collections.shuffle(own);
                                                        for (int i = 0; i < 400; i += 50) {
                                                            ledger(Retention.FOR_EVER, NOW)
                                                                    .write(
                                                                            new UsageBatch(
                                                                                    own.subList(
                                                                                            i,
                                                                                            i + 50),
                                                                                    List.of()));
                                                        }
                                                    }))
                            .toList();
            for (var writer : writers) {
                writer.get();
            }
        }

        assertThat(number(jdbi, "SELECT count(*) FROM ledger")).isEqualTo(400);
        assertThat(number(jdbi, "SELECT sum(nanos)::bigint FROM balances")).isEqualTo(400);
        assertThat(number(jdbi, "SELECT sum(requests)::bigint FROM usage_rollups")).isEqualTo(400);
    }
}
