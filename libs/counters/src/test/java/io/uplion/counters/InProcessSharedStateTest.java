// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InProcessSharedStateTest extends SharedStateContract {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SharedState store = new InProcessSharedState(System::nanoTime);

    /// Begins where the count overflows: it may do so at any time.
    private long now = Long.MAX_VALUE - 5;

    private final SharedState timed = new InProcessSharedState(() -> now);

    @Override
    protected SharedState client() {
        return store;
    }

    @Test
    void aFieldIsSeenUntilItsLastNanosecond() {
        timed.put("t", "a", "1", SECOND);

        now += SECOND.toNanos() - 1;
        assertThat(timed.all("t")).isEqualTo(Map.of("a", "1"));
        now++;
        assertThat(timed.all("t")).isEmpty();
    }

    @Test
    void aLeaseIsHeldUntilItsLastNanosecond() {
        timed.lease("l", "me", SECOND);

        now += SECOND.toNanos() - 1;
        assertThat(timed.lease("l", "you", SECOND)).isFalse();
        now++;
        assertThat(timed.lease("l", "you", SECOND)).isTrue();
    }
}
