// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownWorkersTest {
    private final KnownWorkers workers = new KnownWorkers();

    @Test
    void nobodyIsKnownAtFirst() {
        assertThat(workers.hasOther("m", "a")).isFalse();
    }

    @Test
    void oneIsNoOtherToItself() {
        workers.seen("m", "a");
        workers.seen("m", "a");

        assertThat(workers.hasOther("m", "a")).isFalse();
        assertThat(workers.hasOther("m", "b")).isTrue();
    }

    @Test
    void workersOfAnotherModelDoNotHelp() {
        workers.seen("m", "a");
        workers.seen("n", "b");

        assertThat(workers.hasOther("m", "a")).isFalse();
    }
}
