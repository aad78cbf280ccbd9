// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.redis.RedisCalls;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.gateway.idempotency.IdempotencyStore.Noted;
import io.uplion.gateway.idempotency.IdempotencyStore.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisIdempotencyIT extends IdempotencyContract {
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
    private static int stores;

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start("");
        for (var i = 0; i < 3; i++) {
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

    /// Each is one of three nodes, in turn.
    @Override
    IdempotencyStore store(Times times) {
        return new RedisIdempotency(NODES.get(stores++ % NODES.size()), times);
    }

    @Test
    void everyKeyGoesByItself() {
        for (var outcome : List.of(whole("{}"), new Outcome.NotKept())) {
            var claim = claim(something());
            now(store(USUAL).claim(claim));
            now(store(USUAL).end(claim, outcome));
        }
        now(store(USUAL).claim(claim(something())));
        now(store(USUAL).renew(claim(something())));
        now(store(USUAL).end(claim(something()), freeingOutcomes().toList().getFirst()));
        assertThat(redis.ask("EVAL", KEYS_THAT_STAY, "0")).isZero();
        assertThat(redis.ask("DBSIZE")).isPositive();
    }

    @Test
    void aStoreThatHasForgottenLearnsAnewWhatRuns() {
        var claim = claim(something());
        now(store(USUAL).claim(claim));
        redis.ask("FLUSHALL");
        now(store(USUAL).renew(claim));
        assertThat(now(store(USUAL).claim(claim(claim.asked())))).isEqualTo(new Seen.Running());
    }

    @Test
    void whatIsNotOursIsUnknown() {
        var claim = claim(something());
        now(store(USUAL).claim(claim));
        now(store(USUAL).end(claim, whole("{}")));
        redis.ask(
                "HSET",
                "uplion:idempotency:{" + claim.asked().name() + "}",
                "outcome",
                "bm90IG91cnM=");
        assertThat(now(store(USUAL).claim(claim(claim.asked())))).isInstanceOf(Seen.Unknown.class);
        assertThat(now(store(USUAL).look(claim.asked()))).isInstanceOf(Seen.Unknown.class);
    }

    @Test
    void aStoreThatIsAwayIsUnknown() {
        try (var gone = RedisProcess.start("");
                var calls = gone.calls(Duration.ofMillis(200))) {
            var store = new RedisIdempotency(calls);
            var claim = claim(something());
            gone.kill();

            assertThat(now(store.claim(claim))).isInstanceOf(Seen.Unknown.class);
            assertThat(now(store.look(claim.asked()))).isInstanceOf(Seen.Unknown.class);
            assertThat(now(store.renew(claim))).isInstanceOf(Noted.Unknown.class);
            assertThat(((Noted.Unknown) now(store.end(claim, whole("{}")))).why())
                    .startsWith("Redis at 127");
        }
    }
}
