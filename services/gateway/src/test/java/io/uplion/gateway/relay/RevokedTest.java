// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static io.uplion.gateway.TestGateway.PRINCIPAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.TestGateway;
import io.uplion.platform.identity.Subject;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whoever may not ask any more gets nothing more of what was asked before.
class RevokedTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    static Stream<Subject> subjects() {
        return Stream.of(
                Subject.key(PRINCIPAL.key().orElseThrow()),
                Subject.user(PRINCIPAL.user()),
                Subject.account(PRINCIPAL.account()));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void whatWaitsIsRefused(Subject ended) {
        try (var gateway = TestGateway.start();
                var client = gateway.ask()) {
            var task = gateway.queue().next();
            gateway.gateway().end(Set.of(ended));

            var answer = client.readResponse();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).contains("invalid_api_key");
            assertThat(answer.header("x-should-retry")).isEqualTo("false");
            assertThat(gateway.worker(task, "a").isGranted()).isFalse();
        }
    }

    @Test
    void whatRunsIsBrokenOffAndWhatWasProducedIsPaidFor() {
        var gateway = TestGateway.start();
        try (gateway;
                var client = gateway.askForStream()) {
            var worker = gateway.worker(gateway.queue().next(), "a").event("one");
            client.readHead();
            gateway.gateway().end(Set.of(Subject.key(PRINCIPAL.key().orElseThrow())));

            Await.until("the worker is told", LIMIT, () -> worker.last() instanceof Cancel);
            assertThat(worker.last()).isEqualTo(new Cancel(Cancel.Reason.KEY_REVOKED));
            assertThat(client.readBody())
                    .contains("data: one")
                    .contains("event: error")
                    .contains("invalid_api_key")
                    .doesNotContain("[DONE]");
        }
        assertThat(gateway.usage())
                .singleElement()
                .satisfies(usage -> assertThat(usage.outcome()).isEqualTo(Outcome.CANCELLED));
    }

    @Test
    void othersGoOn() {
        try (var gateway = TestGateway.start();
                var client = gateway.ask()) {
            gateway.gateway().end(Set.of(Subject.key(UUID.randomUUID())));
            gateway.worker(gateway.queue().next(), "a").answer(200, "{}").end();
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }
}
