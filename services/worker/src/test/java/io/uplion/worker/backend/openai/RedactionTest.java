// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.FromWorker.Failure;
import io.uplion.worker.backend.Backend.Failed;
import io.uplion.worker.backend.Backend.Whole;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedactionTest {
    private final Redaction redaction = new Redaction(Optional.of("sk-secret"));

    private static Whole refusal(String words) {
        var body = words.getBytes(StandardCharsets.UTF_8);
        return new Whole(400, "application/json", body, Optional.empty());
    }

    @Test
    void clientsErrorIsToldWithoutTheKey() {
        var told = (Whole) redaction.of(refusal("{\"error\":{\"message\":\"sk-secret ü\"}}"));

        assertThat(new String(told.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":{\"message\":\"[REDACTED] ü\"}}");
        assertThat(told.status()).isEqualTo(400);
    }

    @Test
    void failureIsToldWithoutTheKey() {
        var failure = Failure.of(Failure.Kind.UPSTREAM_ERROR, "no sk-secret here, sk-secret");

        var told = (Failed) redaction.of(new Failed(failure));

        assertThat(told.failure().message()).isEqualTo("no [REDACTED] here, [REDACTED]");
    }

    @Test
    void withoutAKeyNothingChanges() {
        var refusal = refusal("sk-secret");

        assertThat(Redaction.NONE.of(refusal)).isSameAs(refusal);
    }
}
