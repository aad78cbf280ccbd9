// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an answer costs is in the books of a running platform.
class BillingE2E {
    private static final Duration LIMIT = Duration.ofSeconds(30);
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

    private static RawResponse chat() {
        return api.post(Api.CHAT, Api.chatBody("dear", ""), Map.of());
    }
}
