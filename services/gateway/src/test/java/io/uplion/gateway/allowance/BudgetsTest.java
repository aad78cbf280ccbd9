// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import static io.uplion.gateway.TestGateway.PRICE;
import static io.uplion.gateway.TestGateway.SEAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.price.PriceList;
import io.uplion.catalog.price.PriceList.Dated;
import io.uplion.catalog.price.PriceList.Entry;
import io.uplion.catalog.price.PriceList.Of;
import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromGateway.Committed;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Budgets, from a client's side.
class BudgetsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long BUDGET = 1_000_000_000;

    private static Claim claim(FakeWorker worker) {
        return worker.heard().stream()
                .filter(Committed.class::isInstance)
                .map(said -> ((Committed) said).claim())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mostIsHeldWhileItRunsAndWhatWasUsedIsOwedThen(boolean stream) {
        try (var spender = Spender.with(BUDGET);
                var client = spender.ask(stream, 10)) {
            var task = spender.gateway().queue().next();
            assertThat(spender.left()).isEqualTo(BUDGET - Spender.most(stream, 10));

            var worker = spender.gateway().worker(task, "a");
            if (stream) {
                worker.event("x").end();
            } else {
                worker.answer(200, "{}").end();
            }
            assertThat(client.readResponse().status()).isEqualTo(200);

            long cost = PRICE.cost(TokenUsage.of(3, 4));
            assertThat(spender.left()).isEqualTo(BUDGET - cost);
            var claim = claim(worker);
            assertThat(claim.cap()).hasValue(Spender.most(stream, 10));
            assertThat(SEAL.isGenuine(claim)).isTrue();
            spender.billed(task.id(), cost);
            assertThat(spender.left()).isEqualTo(BUDGET - cost);
        }
    }

    /// Whatever a provider counts: billing absorbs the rest.
    @Test
    void noMoreIsOwedThanWasHeld() {
        try (var spender = Spender.with(BUDGET);
                var client = spender.ask(false, 10)) {
            spender.answer(TokenUsage.of(1_000_000, Long.MAX_VALUE));
            client.readResponse();

            assertThat(spender.left()).isEqualTo(BUDGET - Spender.most(false, 10));
        }
    }

    @Test
    void whatHasNotBegunCostsNothing() {
        try (var spender = Spender.with(BUDGET)) {
            var client = spender.ask(true, 10);
            spender.gateway().worker(spender.gateway().queue().next(), "a");
            client.close();

            Await.until("all of it is back", LIMIT, () -> spender.left() == BUDGET);
        }
    }

    @Test
    void afterItHasBegunOnlyItsRecordSaysWhatACancelledAnswerCosts() {
        try (var spender = Spender.with(BUDGET)) {
            var client = spender.ask(true, 10);
            var task = spender.gateway().queue().next();
            spender.gateway().worker(task, "a").event("x");
            client.readHead();
            client.close();
            spender.gateway().awaitIdle();
            assertThat(spender.left()).isEqualTo(BUDGET - Spender.most(true, 10));

            spender.billed(task.id(), 700);
            assertThat(spender.left()).isEqualTo(BUDGET - 700);
        }
    }

    /// Also one that broke by our fault: its worker may have reported a whole answer.
    @Test
    void soWithABrokenOneOfWhichTheGatewayTellsToo() {
        try (var spender = Spender.with(BUDGET);
                var client = spender.ask(true, 10)) {
            var task = spender.gateway().queue().next();
            spender.gateway().worker(task, "a").event("x").fail("it broke");
            client.readHead();
            spender.gateway().awaitIdle();
            assertThat(spender.left()).isEqualTo(BUDGET - Spender.most(true, 10));

            var usage = spender.gateway().usage();
            Await.until("it is accounted for", LIMIT, () -> !usage.isEmpty());
            assertThat(usage.getFirst().outcome()).isEqualTo(Outcome.BROKEN);
            assertThat(SEAL.isGenuine(usage.getFirst().claim())).isTrue();
            spender.billed(task.id(), 0);
            assertThat(spender.left()).isEqualTo(BUDGET);
        }
    }

    @Test
    void gatewayThatStopsSettlesAndAccountsForWhatItBreaksOff() {
        var spender = Spender.with(BUDGET);
        try (spender;
                var client = spender.ask(true, 10)) {
            spender.gateway().worker(spender.gateway().queue().next(), "a").event("x");
            client.readHead();
            spender.gateway().gateway().close();

            assertThat(spender.left()).isEqualTo(BUDGET - Spender.most(true, 10));
            assertThat(spender.gateway().usage()).hasSize(1);
        }
    }

    @Test
    void whoHasSpentItIsNotToldToComeAgain() {
        long most = Spender.most(false, 10);
        try (var spender = Spender.with(2 * most - 1)) {
            spender.open(0);
            spender.gateway()
                    .reservations()
                    .open(
                            TestGateway.PRINCIPAL.account(),
                            Spender.COUNTER,
                            new io.uplion.counters.reserve.Spent(most, 2));
            try (var client = spender.ask(false, 10)) {
                var refused = client.readResponse();

                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.body())
                        .contains("\"type\":\"insufficient_quota\"")
                        .contains("\"code\":\"insufficient_quota\"")
                        .contains("the budget of this key");
                assertThat(refused.header("x-should-retry")).isEqualTo("false");
                assertThat(refused.header("retry-after")).isEmpty();
            }
        }
    }

    @Test
    void moneyThatOthersHoldMayComeBack() {
        try (var spender = Spender.with(2 * Spender.most(false, 10) - 1);
                var first = spender.ask(false, 10)) {
            var task = spender.gateway().queue().next();
            try (var second = spender.ask(false, 10)) {
                var refused = second.readResponse();
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.body()).contains("budget_held");
                assertThat(refused.header("retry-after-ms")).isNotEmpty();
                assertThat(refused.header("x-should-retry")).isEmpty();
            }
            spender.gateway().worker(task, "a").answer(200, "{}").end();
            first.readResponse();
            try (var third = spender.ask(false, 10)) {
                spender.answer(TokenUsage.of(1, 1));
                assertThat(third.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void requestThatCostsMoreThanTheWholeBudgetIsToldSo() {
        try (var spender = Spender.with(Spender.most(false, 10));
                var client = spender.ask(false, 11);
                var fits = spender.ask(false, 10)) {
            var refused = client.readResponse();

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body())
                    .contains("request_exceeds_limit")
                    .contains("may cost up to 0.0000198");
            assertThat(refused.header("x-should-retry")).isEqualTo("false");
            spender.answer(TokenUsage.of(1, 1));
            assertThat(fits.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void whatNobodyKnowsIsNotNothing() {
        try (var spender = Spender.unopened(BUDGET)) {
            try (var client = spender.ask(false, 10)) {
                var refused = client.readResponse();
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.body()).contains("limits_unavailable");
                assertThat(refused.header("retry-after")).isNotEmpty();
            }
            spender.open(0);
            try (var client = spender.ask(false, 10)) {
                spender.answer(TokenUsage.of(1, 1));
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,'\"messages\":[{}]',max_completion_tokens",
        "/v1/completions,'\"prompt\":\"x\"',max_tokens"
    })
    void requestThatMayCostAnythingMustSayHowMuch(String path, String fields, String missing) {
        try (var spender = Spender.with(BUDGET);
                var client =
                        spender.gateway()
                                .connect()
                                .post(path, "{\"model\":\"m\"," + fields + "}")) {
            var refused = client.readResponse();

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("missing_required_parameter")
                    .contains("\"param\":\"" + missing + "\"");
            assertThat(spender.left()).isEqualTo(BUDGET);
        }
    }

    @Test
    void embeddingsAndCompletionsAreHeldToo() {
        var embeddings = "{\"model\":\"m\",\"input\":\"abc\"}";
        var completions = "{\"model\":\"m\",\"prompt\":\"abc\",\"max_tokens\":7,\"best_of\":3}";
        try (var spender = Spender.with(BUDGET);
                var _ = spender.gateway().connect().post("/v1/embeddings", embeddings)) {
            spender.gateway().queue().next();
            long held = embeddings.length() * PRICE.inputNanos();
            assertThat(spender.left()).isEqualTo(BUDGET - held);
            try (var _ = spender.gateway().connect().post("/v1/completions", completions)) {
                spender.gateway().queue().next();
                held += completions.length() * PRICE.inputNanos() + 21 * PRICE.outputNanos();
                assertThat(spender.left()).isEqualTo(BUDGET - held);
            }
        }
    }

    @Test
    void priceThatWasDecidedForTheDayOfAcceptanceHolds() {
        var dated = new Price(1000, 1000, 2000);
        try (var spender = Spender.with(BUDGET)) {
            spender.gateway()
                    .prices(
                            PriceList.of(
                                    List.of(
                                            new Entry(
                                                    Of.MODEL,
                                                    "m",
                                                    new Dated(Instant.EPOCH, dated)))));
            try (var client = spender.ask(false, 10)) {
                var task = spender.gateway().queue().next();
                assertThat(spender.left())
                        .isEqualTo(BUDGET - Spender.body(false, 10).length() * 1000L - 10 * 2000L);
                // What is decided from now on is for those who come from now on.
                spender.gateway().prices(PriceList.NONE);
                var worker = spender.gateway().worker(task, "a").answer(200, "{}").end();
                client.readResponse();

                assertThat(claim(worker).price()).isEqualTo(dated);
                assertThat(spender.left()).isEqualTo(BUDGET - 3 * 1000 - 4 * 2000);
            }
        }
    }

    @Test
    void whatCostsNothingNeedsNoMoney() {
        try (var spender = Spender.unopened(1)) {
            spender.gateway()
                    .prices(
                            PriceList.of(
                                    List.of(
                                            new Entry(
                                                    Of.MODEL,
                                                    "m",
                                                    new Dated(Instant.EPOCH, Price.FREE)))));
            try (var client =
                    spender.gateway()
                            .connect()
                            .post("/v1/chat/completions", TestGateway.chat(false))) {
                var worker = spender.answer(TokenUsage.of(3, 4));
                assertThat(client.readResponse().status()).isEqualTo(200);
                assertThat(claim(worker).cap()).as("nothing was held").hasValue(0);
            }
        }
    }

    /// The gateway stood still for so long that billing took it for dead.
    @Test
    void taskWhoseMoneyWasGivenBackDoesNotGoOn() {
        try (var spender = Spender.with(BUDGET);
                var client = spender.ask(true, 10)) {
            var task = spender.gateway().queue().next();
            var worker = spender.gateway().worker(task, "a").event("x");
            client.readHead();
            spender.billed(task.id(), 0);
            spender.gateway().gateway().renew();

            Await.until("it is stopped", LIMIT, () -> worker.last() instanceof Cancel);
            assertThat(client.readBody()).contains("event: error").contains("limits_unavailable");
            spender.gateway().awaitIdle();
            assertThat(spender.left()).isEqualTo(BUDGET);
        }
    }

    @Test
    void taskThatRunsIsRenewed() {
        try (var spender = Spender.with(BUDGET);
                var client = spender.ask(false, 10)) {
            spender.gateway().queue().next();
            spender.gateway().gateway().renew();
            assertThat(spender.gateway().openRequests()).isEqualTo(1);
            assertThat(spender.left()).isEqualTo(BUDGET - Spender.most(false, 10));
        }
    }

    /// It may be cheaper or dearer than what was held: the claim says both.
    @Test
    void poolThatCameLaterHasAPriceOfItsOwnAndTheSameCap() {
        try (var spender = Spender.with(BUDGET);
                var client = spender.ask(false, 10)) {
            var task = spender.gateway().queue().next();
            spender.gateway()
                    .catalog()
                    .put(TestGateway.pool("pool-b", Duration.ofMinutes(2)), PoolStatus.RUNNING);
            var worker = spender.gateway().worker(task, "pool-b", "b").answer(200, "{}").end();
            client.readResponse();

            assertThat(claim(worker).price()).isEqualTo(PRICE);
            assertThat(claim(worker).cap()).hasValue(Spender.most(false, 10));
        }
    }
}
