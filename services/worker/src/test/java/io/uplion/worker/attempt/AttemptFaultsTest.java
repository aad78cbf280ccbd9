// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.StreamChunk;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromGateway.Later;
import io.uplion.worker.backend.Backend.Chunk;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is thrown, the gateway hears of it and the slot becomes free.
class AttemptFaultsTest {
    private final AttemptBench bench = new AttemptBench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private void run() {
        bench.deliver(true, "");
        bench.hear(new Go(1, new byte[0]));
    }

    /// A chunk at which every reader stumbles.
    private void stumble() {
        bench.signal(new Chunk((StreamChunk) null, null));
    }

    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, AssertionError.class})
    void backendThatThrowsHasFailed(Class<? extends Error> kind) throws Exception {
        bench.backendFault = kind.getDeclaredConstructor().newInstance();
        run();
        assertThat(bench.log).containsExactly("failed WORKER_LOST");

        bench.hear(new Later(Duration.ofMillis(200)));
        assertThat(bench.log).endsWith("close", "later PT0.2S");
        assertThat(bench.ended).isEqualTo(1);
    }

    @Test
    void signalThatCannotBeReadIsAFailure() {
        run();
        stumble();
        assertThat(bench.log).containsExactly("cancel", "failed WORKER_LOST");

        bench.hear(Done.FORGET);
        assertThat(bench.log).endsWith("close", "ack");
    }

    @Test
    void faultInMidAnswerBreaksIt() {
        run();
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.commit();
        stumble();

        assertThat(bench.log)
                .containsExactly(
                        "event",
                        "accounts",
                        "cancel",
                        "usage BROKEN",
                        "failed WORKER_LOST",
                        "close",
                        "ack");
        assertThat(bench.ended).isEqualTo(1);
    }

    @Test
    void gatewayThatCannotBeToldFreesTheSlotAllTheSame() {
        bench.deskFault = new OutOfMemoryError();
        bench.deliver(true, "");

        assertThat(bench.log).containsExactly("later PT1S");
        assertThat(bench.ended).isEqualTo(1);
    }
}
