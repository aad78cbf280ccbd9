// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromGateway.Letter;
import io.uplion.task.FromGateway.Lost;
import io.uplion.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tasks that were given up, and tasks whose gateway is gone.
class AbandonedTaskTest {
    private final AttemptBench bench = new AttemptBench();

    @AfterEach
    void stop() {
        bench.close();
    }

    private void run(boolean stream) {
        bench.deliver(stream, "");
        bench.hear(new Go(1, new byte[0]));
    }

    /// The gateway owes a letter to a task whose last worker was lost: whoever gets it next writes
    /// it, without having tried.
    @Test
    void letterThatAnotherWorkerLeftIsWrittenWithTheBodyTheGatewayKept() {
        bench.deliver(true, "", new Task.Kept(3));
        var body = "abc".getBytes(StandardCharsets.UTF_8);
        bench.hear(new Done(Optional.of(new Letter(Map.of(), body, "lost thrice")), false));

        assertThat(bench.log).containsExactly("letter", "close", "ack");
        assertThat(bench.letter.body()).isEqualTo(body);
    }

    @Test
    void taskWhoseLetterCannotBeKeptIsNotForgotten() {
        bench.lettersFail = true;
        run(true);
        bench.hear(new Done(Optional.of(new Letter(Map.of(), new byte[0], "it failed")), false));

        assertThat(bench.log).containsSubsequence("letter", "close", "later PT1S");
        assertThat(bench.log).doesNotContain("ack");
    }

    @Test
    void taskWhoseGatewayIsOutOfReachIsHandedBackAndItsCallStopped() {
        run(true);
        bench.hear(new Lost(true));

        assertThat(bench.log).containsExactly("cancel", "close", "later PT1S");
    }

    @Test
    void committedAnswerWhoseGatewayIsLostIsAccountedForAndForgotten() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.commit();
        bench.hear(new Lost(true));

        assertThat(bench.log)
                .containsExactly("event", "accounts", "cancel", "usage BROKEN", "close", "ack");
    }

    @Test
    void taskWhoseClientWaitsNoLongerIsForgottenWithoutItsGateway() {
        bench.patience = Duration.ofMillis(-1);
        bench.deliver(true, "");
        bench.hear(new Lost(false));

        assertThat(bench.log).containsExactly("close", "ack");
    }

    @Test
    void stoppingWorkerHandsBackWhatNobodyHasSeen() {
        run(true);
        bench.abandon();

        assertThat(bench.log).containsExactly("cancel", "close", "later PT0S");
    }

    @Test
    void stoppingWorkerAccountsForWhatSomebodyHasSeen() {
        run(true);
        bench.chunk("{\"choices\":[{\"delta\":{\"content\":\"1234\"}}]}");
        bench.commit();
        bench.abandon();

        assertThat(bench.log)
                .containsExactly("event", "accounts", "cancel", "usage BROKEN", "close", "ack");
    }
}
