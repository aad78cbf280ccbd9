// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import static io.uplion.gateway.TestGateway.MODEL;
import static io.uplion.gateway.TestGateway.PRICE;
import static io.uplion.gateway.TestGateway.PRINCIPAL;

import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Reserved;
import io.uplion.counters.reserve.Spent;
import io.uplion.counters.reserve.Used;
import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.openai.TokenUsage;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Limits.Period;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Subject;
import io.uplion.task.FromWorker;
import io.uplion.testing.http.RawHttp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A gateway whose only client has a budget for ever, and what a test needs to know of it.
final class Spender implements AutoCloseable {
    private static final String KEY = Subject.key(PRINCIPAL.key().orElseThrow()).toString();
    static final Counter COUNTER = new Counter(KEY, "total");

    private final long budget;
    private final TestGateway gateway;

    private Spender(long budget) {
        this.budget = budget;
        this.gateway = TestGateway.startFor(principal(budget));
    }

    /// What was spent is not known yet.
    static Spender unopened(long budget) {
        return new Spender(budget);
    }

    static Spender with(long budget) {
        var spender = new Spender(budget);
        spender.open(0);
        return spender;
    }

    private static Principal principal(long budget) {
        var limits =
                new Limits(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Limits.Budget(budget, Period.TOTAL)));
        return new Principal(
                PRINCIPAL.account(),
                PRINCIPAL.user(),
                PRINCIPAL.key(),
                Optional.empty(),
                PRINCIPAL.roles(),
                PRINCIPAL.groups(),
                PRINCIPAL.models(),
                PRINCIPAL.scopes(),
                List.of(new Limited(Subject.key(PRINCIPAL.key().orElseThrow()), limits)));
    }

    void open(long spent) {
        gateway.reservations().open(PRINCIPAL.account(), COUNTER, new Spent(spent, 1));
    }

    void billed(UUID task, long spent) {
        gateway.reservations()
                .billed(PRINCIPAL.account(), Map.of(COUNTER, new Spent(spent, 2)), List.of(task));
    }

    TestGateway gateway() {
        return gateway;
    }

    static String body(boolean stream, int maxTokens) {
        return ("{\"model\":\"%s\",\"max_tokens\":%d,\"stream\":%s,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .formatted(MODEL, maxTokens, stream);
    }

    /// The most that such a request costs.
    static long most(boolean stream, int maxTokens) {
        return body(stream, maxTokens).length() * PRICE.inputNanos()
                + maxTokens * PRICE.outputNanos();
    }

    RawHttp ask(boolean stream, int maxTokens) {
        return gateway.connect().post("/v1/chat/completions", body(stream, maxTokens));
    }

    FakeWorker answer(TokenUsage used) {
        return gateway.worker(gateway.queue().next(), "a")
                .answer(200, "{}")
                .say(new FromWorker.End(used));
    }

    /// What is neither spent, held nor owed.
    long left() {
        long least = 0;
        long most = budget;
        while (least < most) {
            long middle = least + (most - least + 1) / 2;
            if (fits(middle)) {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        return least;
    }

    private boolean fits(long nanos) {
        var subject = io.uplion.counters.reserve.Subject.of(KEY).withBudget("total", budget);
        var ask = new Ask(UUID.randomUUID(), PRINCIPAL.account(), List.of(subject), 0, nanos);
        var reserved = gateway.reservations().reserve(ask).toCompletableFuture().join();
        gateway.reservations().settle(ask, Used.NOTHING);
        return reserved instanceof Reserved.Held;
    }

    @Override
    public void close() {
        gateway.close();
    }
}
