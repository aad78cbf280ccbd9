// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.TestGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromWorker;
import io.uplion.testing.http.BodyEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A fault of ours while a worker is listened to: the client hears of it, and nothing stays behind.
class FaultsTest {
    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.start();
    }

    @AfterEach
    void stop() {
        gateway.awaitIdle();
        gateway.close();
    }

    @Test
    void faultBeforeTheFirstFrameIsAnError() {
        try (var client = gateway.askForStream()) {
            var worker = gateway.worker(gateway.queue().next(), "a");
            worker.trouble(429, null);

            assertThat(client.readResponse().status()).isEqualTo(500);
            assertThat(worker.last()).isEqualTo(new Cancel(Cancel.Reason.SHUTTING_DOWN));
        }
    }

    @Test
    void faultInMidAnswerBreaksIt() {
        try (var client = gateway.askForStream()) {
            var worker = gateway.worker(gateway.queue().next(), "a").event("half");
            worker.say(new FromWorker.Event(null, 0));

            var answer = client.readResponse();
            assertThat(answer.body()).contains("data: half", "internal_error");
            assertThat(answer.end()).isNotEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void faultAtTheVeryEndCutsTheConnection() {
        try (var client = gateway.ask()) {
            var worker = gateway.worker(gateway.queue().next(), "a");
            worker.say(new FromWorker.Answer(200, "not\r\na type", new byte[0])).end();

            assertThat(client.readResponse().status()).isZero();
            assertThat(client.end()).isNotEqualTo(BodyEnd.STALLED);
        }
    }
}
