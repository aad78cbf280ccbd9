// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.catalog.Serving.Simulator;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SimulatorBackendTest {
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void settingsThatCannotBeKeptAreRefused() {
        var some = Duration.ofMillis(1);
        assertRefused(new Simulator(some.negated(), some, 1));
        assertRefused(new Simulator(some, some.negated(), 1));
        assertRefused(new Simulator(some, some, 0));
    }

    private static void assertRefused(Simulator settings) {
        assertThatThrownBy(() -> new SimulatorBackend(VERTX, settings, "simulator"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
