// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.Endpoint;
import io.uplion.task.FromGateway.Letter;
import io.uplion.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OwedLettersTest {
    private static final long NOW = 5;

    private final OwedLetters letters = new OwedLetters();

    private static Task task(int id) {
        return new Task(
                new UUID(7, id),
                "m",
                Endpoint.CHAT,
                true,
                Instant.EPOCH,
                new Task.Gateway("here", new UUID(1, 1)),
                "nonce-" + id,
                new Task.Kept(3));
    }

    private static Letter letter(int bytes) {
        return new Letter(Map.of(), new byte[bytes], "it failed");
    }

    @Test
    void letterIsThereForWhoeverBringsTheTaskUntilItIsOld() {
        letters.owe(task(1), letter(3), NOW);

        assertThat(letters.of(task(1).id(), "nonce-1", NOW + 1)).isPresent();
        assertThat(letters.of(task(1).id(), "nonce-1", NOW + 1))
                .as("its writer may be lost too")
                .isPresent();
        long later = NOW + Duration.ofMinutes(2).toNanos();
        assertThat(letters.of(task(1).id(), "nonce-1", later)).isEmpty();
    }

    @Test
    void strangerGetsNothing() {
        letters.owe(task(1), letter(3), NOW);

        assertThat(letters.of(task(1).id(), "nonce-2", NOW)).isEmpty();
        assertThat(letters.of(task(2).id(), "nonce-1", NOW)).isEmpty();
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < 1001; i++) {
            letters.owe(task(i), letter(0), NOW);
        }
        assertThat(letters.of(task(0).id(), "nonce-0", NOW)).isEmpty();
        assertThat(letters.of(task(1).id(), "nonce-1", NOW)).isPresent();

        letters.owe(task(2000), letter(40 << 20), NOW);
        letters.owe(task(2001), letter(40 << 20), NOW);
        assertThat(letters.of(task(2000).id(), "nonce-2000", NOW)).isEmpty();
        assertThat(letters.of(task(2001).id(), "nonce-2001", NOW)).isPresent();
    }
}
