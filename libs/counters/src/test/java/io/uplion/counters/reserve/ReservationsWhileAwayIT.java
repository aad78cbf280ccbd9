// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two nodes and a Redis that goes away.
class ReservationsWhileAwayIT {
    private static final Duration RECOVERY = Duration.ofSeconds(5);
    private static final int NODES = 2;

    private final UUID account = UUID.randomUUID();
    private final List<RedisCalls> calls = new ArrayList<>();
    private final List<Asking> nodes = new ArrayList<>();
    private final Subject limited = Subject.of("key:a").withTasksAtOnce(4).withTokensPerMinute(100);
    private RedisProcess redis;

    @BeforeEach
    void start() {
        redis = RedisProcess.start("");
        for (var i = 0; i < NODES; i++) {
            var own = redis.calls(Duration.ofSeconds(1));
            calls.add(own);
            var alone = new InProcessReservations(System::nanoTime, () -> NODES);
            var node = new ReservationsWhileAway(new RedisReservations(own), alone);
            nodes.add(new Asking(node, account));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> node.store().close());
        calls.forEach(RedisCalls::close);
        if (redis != null) {
            redis.close();
        }
    }

    private void comeBack() {
        redis.start();
        Await.until("they are back", RECOVERY, () -> calls.stream().noneMatch(RedisCalls::isAway));
    }

    @Test
    void eachNodeHoldsItsShare() {
        redis.kill();

        for (var node : nodes) {
            var first = node.held(0, limited);
            node.held(0, limited);
            assertThat(node.reserve(0, limited)).isInstanceOf(Refused.class);
            node.settle(first, 0);
            assertThat(node.reserve(0, limited)).isInstanceOf(Held.class);
            assertThat(node.reserve(0, limited)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void eachNodeHoldsItsShareOfTokensOrOneTask() {
        redis.kill();
        var tokens = Subject.of("key:a").withTokensPerMinute(100);

        var node = nodes.getFirst();
        var held = (Held) node.reserve(30, tokens);
        assertThat(held.tightest().orElseThrow().limit()).isEqualTo(100);
        assertThat(held.tightest().orElseThrow().remaining()).isEqualTo(20);
        assertThat(node.reserve(50, tokens)).isInstanceOf(Refused.class);
        // More than its share: after a rest, and then the next waits all the longer.
        var large = nodes.getLast().held(90, tokens);
        var next = (Refused) nodes.getLast().reserve(1, tokens);
        assertThat(next.retryAfter().orElseThrow()).isGreaterThan(Duration.ofSeconds(35));
        nodes.getLast().settle(large, 10);
        assertThat(nodes.getLast().reserve(30, tokens)).isInstanceOf(Held.class);
    }

    @Test
    void theStoreLearnsWhatRunsOnceItIsBack() {
        redis.kill();
        var running = new ArrayList<Ask>();
        for (var node : nodes) {
            running.add(node.held(0, limited));
            running.add(node.held(0, limited));
        }
        comeBack();

        for (var i = 0; i < running.size(); i++) {
            assertThat(nodes.get(i / 2).renew(running.get(i)))
                    .isEqualTo(new Renewed.Done(Set.of()));
        }

        assertThat(nodes.getFirst().reserve(0, limited)).isInstanceOf(Refused.class);
        nodes.getLast().settle(running.getLast(), 0);
        assertThat(nodes.getFirst().reserve(0, limited)).isInstanceOf(Held.class);
        assertThat(nodes.getFirst().reserve(0, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void aNodeRemembersWhatItRunsUntilTheStoreIsAwayAgain() {
        redis.kill();
        var running = nodes.getFirst().held(0, limited);
        comeBack();
        nodes.getFirst().renew(running);
        redis.kill();

        nodes.getFirst().held(0, limited);

        assertThat(nodes.getFirst().reserve(0, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void whatOnlyTheStoreHoldsIsNotedThere() {
        var running = nodes.getFirst().held(0, limited);
        redis.kill();

        assertThat(nodes.getFirst().settle(running, 0)).isInstanceOf(Noted.Unknown.class);
        assertThat(nodes.getFirst().renew(running)).isInstanceOf(Renewed.Unknown.class);
        nodes.getFirst().held(0, limited);
        nodes.getFirst().held(0, limited);
    }
}
