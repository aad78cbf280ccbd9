// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.http.ApiClient;
import io.uplion.portal.http.ApiRun;
import io.uplion.portal.identity.User;
import io.uplion.portal.usage.Usage;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows as billing writes them: two users, three hours of two days, and what both may see of them.
class UsageApiIT {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-03-02T11:30:00Z"), ZoneOffset.UTC);
    private static final String RANGE = "from=2026-03-01T00:00:00Z&to=2026-03-03T00:00:00Z";
    private static final String DAYS =
            """
            INSERT INTO usage_days
            SELECT '00000000-0000-0000-0000-000000000000', date_trunc('day', hour, 'UTC'),
                '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000',
                model, pool, outcome, sum(requests), sum(input_tokens), 0, 0, sum(output_tokens),
                0, 0, sum(nanos), 0
            FROM usage_rollups GROUP BY 2, 5, 6, 7
            """;

    private static final PostgresServer SERVER = new PostgresServer();
    private static final User ADA = ApiRun.user("ada@example.org", Role.VIEWER);
    private static final User BOB = ApiRun.user("bob@example.org");
    private static ApiRun api;
    private static ApiClient ada;
    private static ApiClient bob;

    @BeforeAll
    static void start() {
        SERVER.database()
                .jdbi()
                .useHandle(handle -> handle.execute("SELECT ledger_make_month('2026-03-01')"));
        used(ADA, "2026-03-01T10:00:00Z", "m", 100, 1_000);
        used(ADA, "2026-03-01T11:00:00Z", "n", 10, 100);
        used(BOB, "2026-03-02T10:00:00Z", "m", 1, 10);
        SERVER.database().jdbi().useHandle(handle -> handle.execute(DAYS));
        api = new ApiRun("usage", new UsageApi(new Usage(SERVER.database()), CLOCK).operations());
        ada = api.as(ADA);
        bob = api.as(BOB);
    }

    @AfterAll
    static void stop() {
        api.close();
        SERVER.close();
    }

    /// A request of so many tokens for so many nano-units; half of them took 1 to 2 ms to the first
    /// token.
    private static void used(User user, String hour, String model, int tokens, int nanos) {
        SERVER.database()
                .jdbi()
                .useHandle(
                        handle -> {
                            handle.execute(
                                    """
                                    INSERT INTO ledger (accepted_at, task, attempt, account,
                                        user_id, key_id, model, endpoint, pool, outcome, source,
                                        status, input_tokens, cached_input_tokens,
                                        audio_input_tokens, output_tokens, reasoning_tokens,
                                        audio_output_tokens, price, nanos, absorbed_nanos,
                                        ended_at, first_frame_millis, total_millis)
                                    SELECT CAST(? AS timestamptz) + interval '5 minutes',
                                        ?, 1, ?, ?,
                                        NULL, ?,
                                        'chat', '=p,\"q', 'COMPLETED', 'REPORTED', 200, ?, 0, 0,
                                        7, 0, 0, '{1,1,1,1,1,1}', ?, 0, now(), 2, 5
                                    """,
                                    hour,
                                    UUID.randomUUID(),
                                    user.account(),
                                    user.id(),
                                    model,
                                    tokens,
                                    nanos);
                            handle.execute(
                                    """
                                    INSERT INTO usage_rollups
                                    SELECT account, CAST(? AS timestamptz), user_id,
                                        '00000000-0000-0000-0000-000000000000', model, pool,
                                        outcome, 1, input_tokens, 0, 0, 7, 0, 0, nanos, 0
                                    FROM ledger
                                    WHERE accepted_at = CAST(? AS timestamptz)
                                        + interval '5 minutes'
                                    """,
                                    hour,
                                    hour);
                            for (var account : List.of(user.account(), new UUID(0, 0))) {
                                handle.execute(
                                        """
                                        INSERT INTO usage_times AS t VALUES (?,
                                            CASE WHEN ? THEN
                                                date_trunc('day', CAST(? AS timestamptz), 'UTC')
                                                ELSE CAST(? AS timestamptz) END,
                                            ?, 'p', 'COMPLETED', ?, ?)
                                        ON CONFLICT (account, hour, model, pool, outcome)
                                        DO UPDATE SET total = t.total
                                        """,
                                        account,
                                        account.equals(new UUID(0, 0)),
                                        hour,
                                        hour,
                                        model,
                                        buckets(2, 2),
                                        buckets(4, 20));
                            }
                        });
    }

    private static Long[] buckets(int first, int second) {
        return IntStream.range(0, 44)
                .mapToObj(i -> (i == first ? 1L : 0L) + (i == second ? 1L : 0L))
                .toArray(Long[]::new);
    }

    private static JsonObject only(ApiClient.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().getJsonArray("items")).as(answer.text()).hasSize(1);
        return answer.json().getJsonArray("items").getJsonObject(0);
    }

    @Test
    void sumsOfEverybodyAreForThoseWhoSeeAll() {
        var all = only(ada.get("/api/usage?step=total&" + RANGE));
        assertThat(all.getLong("nanos")).isEqualTo(1_110);
        assertThat(all.getLong("requests")).isEqualTo(3);
        assertThat(all.getJsonObject("tokens").getLong("input")).isEqualTo(111);

        var own = only(bob.get("/api/usage?step=total&" + RANGE));
        assertThat(own.getLong("nanos")).isEqualTo(10);
    }

    @Test
    void rowsAreToldApartByTimeAndByWhatIsAsked() {
        var hours = ada.get("/api/usage?step=hour&by=model,user&" + RANGE).json();
        assertThat(hours.getJsonArray("items"))
                .extracting(row -> ((JsonObject) row).getString("time"))
                .containsExactly(
                        "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", "2026-03-02T10:00:00Z");
        assertThat(hours.getJsonArray("items"))
                .extracting(row -> ((JsonObject) row).getString("user"))
                .containsExactly(ADA.id().toString(), ADA.id().toString(), BOB.id().toString());

        // The same from sums of whole days and from those of hours.
        for (var to : List.of("2026-03-03T00:00:00Z", "2026-03-02T11:00:00Z")) {
            var days = "/api/usage?by=model&model=m&from=2026-03-01T00:00:00Z&to=" + to;
            assertThat(ada.get(days).json().getJsonArray("items"))
                    .extracting(row -> ((JsonObject) row).getLong("nanos"))
                    .containsExactly(1_000L, 10L);
        }
    }

    @Test
    void nobodyAsksForAnothersUsage() {
        for (var path : List.of("/api/usage", "/api/usage.csv", "/api/requests")) {
            assertThat(bob.get(path + "?user=" + ADA.id()).status()).isEqualTo(403);
            assertThat(bob.get(path + "?user=" + BOB.id()).status()).isEqualTo(200);
            assertThat(api.nobody().get(path).status()).isEqualTo(401);
        }
        assertThat(bob.get("/api/usage/times?account=" + ADA.account()).status()).isEqualTo(403);
        assertThat(bob.get("/api/requests?account=" + ADA.account()).json().getJsonArray("items"))
                .isEmpty();
    }

    @Test
    void timesComeFromHistograms() {
        var times = only(ada.get("/api/usage/times?step=total&model=n&" + RANGE));

        assertThat(times.getLong("requests")).isEqualTo(2);
        // One of two ended in the bucket up to 4 ms, the other in the one up to 1024 ms.
        assertThat(times.getJsonObject("total").getLong("p50Millis")).isEqualTo(4);
        assertThat(times.getJsonObject("total").getLong("p95Millis")).isBetween(724L, 1_024L);
        assertThat(times.getJsonObject("firstFrame").getLong("p95Millis")).isEqualTo(2);
    }

    @Test
    void tableForSpreadsheetsHoldsNoFormula() {
        var csv = ada.get("/api/usage.csv?by=pool&step=total&model=m&" + RANGE);

        assertThat(csv.header("content-type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(csv.text())
                .isEqualTo(
                        "time,pool,requests,broken,input_tokens,cached_input_tokens,"
                                + "audio_input_tokens,output_tokens,reasoning_tokens,"
                                + "audio_output_tokens,nanos,absorbed_nanos\r\n"
                                + "2026-03-01T00:00:00Z,\"'=p,\"\"q\",2,0,101,0,0,14,0,0,1010,0\r\n");
    }

    @Test
    void requestsComeNewestFirstPageByPage() {
        var first = ada.get("/api/requests?limit=2&" + RANGE).json();
        assertThat(first.getJsonArray("items"))
                .extracting(row -> ((JsonObject) row).getLong("nanos"))
                .containsExactly(10L, 100L);
        var second =
                ada.get("/api/requests?limit=2&" + RANGE + "&after=" + first.getString("next"));
        var last = only(second);
        assertThat(last.getLong("nanos")).isEqualTo(1_000);
        assertThat(last.getString("id")).matches("req_[0-9a-f]{32}");
        assertThat(last.getString("outcome")).isEqualTo("completed");
        assertThat(last.getValue("key")).isNull();
        assertThat(second.json().getString("next")).isNull();

        var csv = ada.get("/api/requests.csv?" + RANGE).text().lines().toList();
        assertThat(csv).hasSize(4);
        assertThat(csv.get(1)).contains(BOB.id().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "from=2026-03-01T00:30:00Z, 422, from",
        "from=2027-03-01T00:00:00Z, 422, from",
        "from=yesterday, 400, ",
        "step=minute, 400, ",
        "by=prompt, 400, ",
        "'by=model,model', 400, ",
        "user=me, 400, ",
    })
    void whatCannotBeAskedIsRefusedInWords(String query, int status, String field) {
        var answer = ada.get("/api/usage?" + query);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().getString("detail")).isNotBlank();
        if (field != null) {
            assertThat(answer.text()).contains("\"field\":\"" + field + "\"");
        }
    }
}
