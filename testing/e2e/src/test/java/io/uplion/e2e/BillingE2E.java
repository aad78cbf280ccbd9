// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Limits.Budget;
import io.uplion.platform.identity.Limits.Period;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.portal.keys.KeyCreation.Created;
import io.uplion.portal.keys.KeyTerms;
import io.uplion.portal.keys.NewKey;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an answer costs is in the books of a running platform.
class BillingE2E {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long MOST = 500_000;
    private static final Limits BUDGET =
            new Limits(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Budget(MOST, Period.TOTAL)));
    private static Platform platform;
    private static Database database;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start();
        platform.write(
                "dear.yaml",
                Platform.manifest(
                        "dear",
                        platform.provider().baseUrl(),
                        "  price: {inputPerMillion: \"2\", outputPerMillion: \"3\"}\n"));
        api = new Api(platform);
        database = Database.open(EmbeddedDatabase.attach(platform.data()).orElseThrow());
    }

    @AfterAll
    static void stop() {
        database.close();
        platform.close();
    }

    private static List<String> texts(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    @Test
    void answerIsBilledByItsTokensAtThePriceOfItsModel() {
        platform.provider().script("dear", "tokens=5");
        Await.until("the model is there", LIMIT, () -> chat().status() == 200);
        Await.until(
                "it is billed",
                LIMIT,
                () -> !texts("SELECT task::text FROM ledger WHERE model = 'dear'").isEmpty());

        assertThat(
                        texts(
                                "SELECT (nanos = 2000 * input_tokens + 3000 * output_tokens"
                                        + " AND nanos > 0 AND output_tokens = 5)::text"
                                        + " FROM ledger WHERE model = 'dear'"))
                .containsOnly("true");
        assertThat(
                        texts(
                                "SELECT (SELECT sum(nanos) FROM ledger) - (SELECT sum(nanos) FROM"
                                        + " usage_rollups) || ' ' || (SELECT sum(nanos) FROM ledger)"
                                        + " - (SELECT sum(nanos) FROM balances)"))
                .containsExactly("0 0");
        assertThat(texts("SELECT reason FROM usage_rejects")).isEmpty();
    }

    /// What is billed is spent and no longer held: otherwise the second request would have no room.
    @Test
    void budgetIsOpenedHeldSpentAndMet() {
        platform.provider().script("dear", "tokens=5");
        var terms = new KeyTerms(Scope.INFERENCE, Set.of(), Set.of(), List.of(), BUDGET);
        var asked =
                new NewKey("poor", "admin@localhost", Optional.empty(), terms, Optional.empty());
        var key = platform.keys(keys -> (Created) keys.create(asked)).secret().reveal();
        var headers = Map.of("authorization", "Bearer " + key);
        var id = texts("SELECT id::text FROM api_keys WHERE name = 'poor'").getFirst();
        var answered = new AtomicInteger();

        Await.until(
                "the budget is spent",
                LIMIT,
                () -> {
                    var answer =
                            api.post(Api.CHAT, Api.chatBody("dear", ",\"max_tokens\":5"), headers);
                    answered.addAndGet(answer.status() == 200 ? 1 : 0);
                    return answer.body().contains("insufficient_quota");
                });

        assertThat(answered.get()).isGreaterThan(1);
        Await.until(
                "all of it is billed",
                LIMIT,
                () ->
                        texts("SELECT count(*)::text FROM ledger WHERE key_id = '" + id + "'")
                                .contains(answered.toString()));
        assertThat(
                        texts(
                                "SELECT (sum(l.nanos) = max(s.nanos) AND max(s.nanos) <= "
                                        + MOST
                                        + ")::text FROM ledger l JOIN spent s"
                                        + " ON s.subject = 'key:' || l.key_id AND period = 'total'"
                                        + " WHERE l.key_id = '"
                                        + id
                                        + "'"))
                .containsExactly("true");
    }

    private static RawResponse chat() {
        return api.post(Api.CHAT, Api.chatBody("dear", ""), Map.of());
    }
}
