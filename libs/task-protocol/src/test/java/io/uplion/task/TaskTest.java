// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.Endpoint;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskTest {
    private static Task task(UUID id) {
        return new Task(
                id,
                "m",
                Endpoint.CHAT,
                false,
                Instant.EPOCH,
                new Task.Gateway("gateway", new UUID(0, 0)),
                "nonce",
                new Task.Kept(7));
    }

    /// The example of RFC 9562, appendix A.6.
    @Test
    void timeOfAcceptanceIsInTheId() {
        var task = task(UUID.fromString("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));

        assertThat(task.acceptedAt()).isEqualTo(Instant.parse("2022-02-22T19:22:22Z"));
    }

    @Test
    void timesFarAwayAreNotNegative() {
        var task = task(UUID.fromString("ffffffff-ffff-7000-8000-000000000000"));

        assertThat(task.acceptedAt()).isAfter(Instant.parse("9999-01-01T00:00:00Z"));
    }

    @Test
    void requestIdIsTheTasksId() {
        var task = task(UUID.fromString("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));

        assertThat(task.requestId()).isEqualTo("req_017f22e279b07cc398c4dc0c0c07398f");
        assertThat(Task.requestId(task.id())).isEqualTo(task.requestId());
    }
}
