// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision.Unavailable;
import io.uplion.store.key.KeyHash;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AllowedKeysTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void neverHoldsMoreThanItsBound() {
        var keys = new AllowedKeys(Duration.ofSeconds(5), 100);

        for (var i = 0; i < 10_000; i++) {
            keys.remember(hash(i), new Unavailable(), NOW, null);
            assertThat(keys.size()).isLessThanOrEqualTo(100);
        }
    }

    @Test
    void whatIsStaleMakesRoomFirst() {
        var keys = new AllowedKeys(Duration.ofSeconds(5), 2);
        keys.remember(hash(1), new Unavailable(), NOW, null);
        keys.remember(hash(2), new Unavailable(), NOW.plusSeconds(4), null);

        keys.remember(hash(3), new Unavailable(), NOW.plusSeconds(6), null);

        assertThat(keys.find(hash(2), NOW.plusSeconds(6))).isPresent();
        assertThat(keys.find(hash(3), NOW.plusSeconds(6))).isPresent();
    }

    private static KeyHash hash(long number) {
        return new KeyHash(number, 0, 0, 0);
    }
}
