// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Answer.Found;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.KeyHash;
import io.uplion.store.key.StoredKeys.AsOf;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AllowedKeysTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Found FOUND =
            new Found(
                    TestKeys.of(ApiKey.generate(new SecureRandom())).stored(),
                    new AsOf(NOW, false));

    @Test
    void neverHoldsMoreThanItsBound() {
        var keys = new AllowedKeys(Duration.ofSeconds(5), 100);

        for (var i = 0; i < 10_000; i++) {
            keys.remember(hash(i), FOUND, NOW);
            assertThat(keys.size()).isLessThanOrEqualTo(100);
        }
    }

    @Test
    void whatIsStaleMakesRoomFirst() {
        var keys = new AllowedKeys(Duration.ofSeconds(5), 2);
        keys.remember(hash(1), FOUND, NOW);
        keys.remember(hash(2), FOUND, NOW.plusSeconds(4));

        keys.remember(hash(3), FOUND, NOW.plusSeconds(6));

        assertThat(keys.find(hash(2), NOW.plusSeconds(6))).isPresent();
        assertThat(keys.find(hash(3), NOW.plusSeconds(6))).isPresent();
    }

    private static KeyHash hash(long number) {
        return new KeyHash(number, 0, 0, 0);
    }
}
