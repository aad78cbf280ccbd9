// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.wait;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    @Test
    void returnsOnceTheConditionHolds() {
        var asked = new AtomicInteger();
        Await.until("the third question", Duration.ofSeconds(5), () -> asked.incrementAndGet() > 2);
    }

    @Test
    void saysWhatItWaitedForInVain() {
        assertThatThrownBy(() -> Await.until("a miracle", Duration.ofMillis(10), () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessage("Not within 10 ms: a miracle");
    }
}
