// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.SharedStateException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyUsesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
    private static final UUID KEY = new UUID(1, 1);

    private final InProcessSharedState shared = new InProcessSharedState(System::nanoTime);
    private final KeyUses uses = new KeyUses(shared);

    @Test
    void aKeyIsToldOnceAMinuteAtMost() {
        uses.used(KEY, NOW);
        uses.used(KEY, NOW.plusSeconds(59));
        uses.tell();
        assertThat(shared.all("keys-used")).isEqualTo(Map.of(KEY.toString(), "1000000"));

        uses.used(KEY, NOW.plusSeconds(60));
        uses.tell();
        assertThat(shared.all("keys-used")).isEqualTo(Map.of(KEY.toString(), "1000060"));
    }

    @Test
    void whatCouldNotBeToldIsToldLater() {
        uses.used(KEY, NOW);
        var away = new InProcessSharedState(System::nanoTime);
        away.close();
        var others = new KeyUses(away);
        others.used(KEY, NOW);

        assertThatThrownBy(others::tell).isInstanceOf(SharedStateException.class);
        assertThatThrownBy(others::tell).as("still waiting").isNotNull();
        uses.tell();
        shared.remove("keys-used", KEY.toString());
        uses.tell();
        assertThat(shared.all("keys-used")).as("told once").isEmpty();
    }
}
