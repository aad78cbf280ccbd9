// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisReservationsIT extends ReservationsContract {
    private static final List<RedisCalls> NODES = new ArrayList<>();
    private static final String KEYS_THAT_STAY =
            """
            local stay = 0
            for _, key in ipairs(redis.call('KEYS', '*')) do
                if redis.call('PTTL', key) < 0 then
                    stay = stay + 1
                end
            end
            return stay
            """;
    private static RedisProcess redis;
    private static int clients;

    private final Subject key = Subject.of("key:a").withTokensPerMinute(600).withTasksAtOnce(1);

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start("");
        for (var i = 0; i < 4; i++) {
            NODES.add(redis.calls(Duration.ofSeconds(10)));
        }
    }

    @AfterAll
    static void stopRedis() {
        NODES.forEach(RedisCalls::close);
        NODES.clear();
        if (redis != null) {
            redis.close();
        }
    }

    /// Each client is one of four nodes, in turn.
    @Override
    protected Reservations client(Duration lease) {
        return new RedisReservations(NODES.get(clients++ % NODES.size()), lease);
    }

    private Asking asking(Duration lease) {
        return new Asking(client(lease), UUID.randomUUID());
    }

    @Test
    void everyKeyGoesByItself() {
        var asking = asking(Duration.ofMillis(300));
        var running = asking.held(10, key);
        asking.settle(asking.held(10, Subject.of("key:b")), 10);
        asking.renew(running, asking.ask(10, Subject.of("key:c").withTokensPerMinute(100)));

        assertThat(redis.ask("EVAL", KEYS_THAT_STAY, "0")).isZero();
        assertThat(redis.ask("DBSIZE")).isPositive();
    }

    @Test
    void aStoreThatHasForgottenGetsItsTasksBack() {
        var asking = asking(Reservations.LEASE);
        var running = asking.held(100, key);

        redis.ask("FLUSHALL");
        asking.renew(running);

        assertThat(asking.reserve(1, key)).isInstanceOf(Refused.class);
        asking.settle(running, 50);
        var held = (Held) asking.reserve(1, key);
        assertThat(held.tightest().orElseThrow().remaining()).isBetween(549L, 600L);
    }

    @Test
    void tokensThatHaveDrainedAreNotGivenBack() {
        var asking = asking(Reservations.LEASE);
        var limited = Subject.of("key:a").withTokensPerMinute(600);
        var slow = asking.held(300, limited);
        redis.ask("DEL", new RedisKeys(asking.account()).tokens("key:a"));
        Asking.waitFor(Duration.ofMillis(2));
        asking.held(600, limited);

        asking.settle(slow, 0);

        assertThat(asking.reserve(200, limited)).isInstanceOf(Refused.class);
    }

    @Test
    void manyTasksOfADeadNodeAreFreed() {
        var asking = asking(Duration.ofSeconds(3));
        var many = Subject.of("key:a").withTasksAtOnce(3_000);
        var asks = new ArrayList<Ask>();
        for (var i = 0; i < 3_000; i++) {
            asks.add(asking.ask(0, many));
        }
        asking.renew(asks.toArray(Ask[]::new));
        assertThat(asking.reserve(0, many)).isInstanceOf(Refused.class);

        Asking.waitFor(Duration.ofSeconds(3));

        assertThat(asking.reserve(0, many)).isInstanceOf(Held.class);
        asking.renew();
        for (var i = 0; i < 4; i++) {
            asking.reserve(0, many);
        }
        assertThat(redis.ask("ZCARD", new RedisKeys(asking.account()).leases())).isEqualTo(5);
    }

    @Test
    void aStoreThatIsAwayIsUnknown() {
        try (var gone = RedisProcess.start("");
                var calls = gone.calls(Duration.ofMillis(200))) {
            var asking = new Asking(new RedisReservations(calls), UUID.randomUUID());
            var running = asking.held(1, key);
            gone.kill();

            assertThat(((Reserved.Unknown) asking.reserve(running)).why())
                    .startsWith("Redis at 127");
            assertThat(asking.renew(running)).isInstanceOf(Renewed.Unknown.class);
            assertThat(asking.settle(running, 1)).isInstanceOf(Noted.Unknown.class);
            assertThat(asking.renew()).isEqualTo(new Renewed.Done(Set.of()));
        }
    }
}
