// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.Task;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnreachableGatewaysTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final UnreachableGateways unreachable =
            new UnreachableGateways(Duration.ofSeconds(30), now::get);
    private final Task.Gateway one = new Task.Gateway("a:1", UUID.randomUUID());
    private final Task.Gateway anew = new Task.Gateway("a:1", UUID.randomUUID());
    private final Task.Gateway other = new Task.Gateway("b:1", UUID.randomUUID());

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void gatewayRestsForThirtySeconds() {
        unreachable.add(one);
        assertThat(unreachable.contains(one)).isTrue();
        pass(Duration.ofMillis(29_999));
        assertThat(unreachable.contains(one)).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(unreachable.contains(one)).isFalse();
    }

    @Test
    void anotherLifeAndAnotherAddressAreOthers() {
        unreachable.add(one);

        assertThat(unreachable.contains(anew)).isFalse();
        assertThat(unreachable.contains(other)).isFalse();
    }

    @Test
    void restBeginsAgainWithAnotherFailure() {
        unreachable.add(one);
        unreachable.add(other);
        pass(Duration.ofSeconds(20));
        assertThat(unreachable.add(one)).isFalse();
        pass(Duration.ofSeconds(20));

        assertThat(unreachable.contains(one)).isTrue();
        assertThat(unreachable.contains(other)).isFalse();
        assertThat(unreachable.add(other)).isTrue();
    }

    @Test
    void restEndsForEveryLifeWhenTheAddressAnswers() {
        unreachable.add(one);
        unreachable.add(anew);
        unreachable.add(other);
        unreachable.answered("a:1");

        assertThat(unreachable.contains(one)).isFalse();
        assertThat(unreachable.contains(anew)).isFalse();
        assertThat(unreachable.contains(other)).isTrue();
    }

    @Test
    void onlySoManyAreRemembered() {
        unreachable.add(one);
        for (int i = 0; i < 10_000; i++) {
            unreachable.add(new Task.Gateway("c:" + i, UUID.randomUUID()));
        }
        unreachable.add(other);

        assertThat(unreachable.contains(one)).isFalse();
        assertThat(unreachable.contains(other)).isTrue();
    }
}
