// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromGateway.Pace;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldAttemptTest {
    private final AttemptBench bench = new AttemptBench();

    @AfterEach
    void stop() {
        bench.close();
    }

    /// It is the client that is slow.
    @Test
    void heldProviderIsNotTakenForASilentOne() {
        bench.deliver(true, "");
        bench.hear(new Go(1, new byte[0]));
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.commit();
        bench.hear(new Pace(true));
        bench.tick(Duration.ofMillis(2500));
        bench.hear(new Pace(false));
        assertThat(bench.log).containsExactly("event", "accounts", "hold", "go on");

        bench.tick(Duration.ofMillis(4500));
        assertThat(bench.log).endsWith("failed TIMEOUT", "close", "ack");
    }

    @Test
    void whatIsHeldForAnAnswerGoesWithTheAttempt() {
        bench.deliver(false, "");
        bench.hear(new Go(1, new byte[0]));
        bench.whole(200, "{\"choices\":[{\"message\":{\"content\":\"1234\"}}]}");
        assertThat(bench.released).isZero();

        bench.commit();
        assertThat(bench.log).endsWith("close", "ack");
        assertThat(bench.released).isEqualTo(1);
    }
}
