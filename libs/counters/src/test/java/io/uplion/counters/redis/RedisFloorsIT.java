// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.SharedStateException;
import io.uplion.counters.floors.Floor;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.FloorsContract;
import io.uplion.counters.floors.Reading;
import io.uplion.platform.identity.Subject;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisFloorsIT extends FloorsContract {
    private static RedisProcess redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start("");
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    @Override
    protected Floors client() {
        var client = RedisFloors.at(redis.config());
        Await.until("Redis is reached", Duration.ofSeconds(20), () -> isReached(client));
        return client;
    }

    private static boolean isReached(Floors client) {
        try {
            return !client.incarnation().isEmpty();
        } catch (SharedStateException e) {
            return false;
        }
    }

    @Test
    void aStoreThatBeganAnewIsAnotherOneWithoutTheWord() {
        var subject = Subject.key(UUID.randomUUID());
        try (var floors = client()) {
            var before = floors.incarnation();
            floors.raise(List.of(new Floor(subject, 5, true)));
            floors.vouch(before, Duration.ofMinutes(10));
            var mark = floors.read(Reading.Mark.START).next();

            redis.kill();
            redis.start();
            Await.until("Redis is back", Duration.ofSeconds(20), () -> isReached(floors));
            floors.raise(List.of(new Floor(subject, 6, false)));

            assertThat(floors.incarnation()).isNotEqualTo(before);
            var reading = floors.read(mark);
            assertThat(reading.vouched()).isFalse();
            assertThat(reading.floors()).containsExactly(new Floor(subject, 6, false));
            floors.vouch(before, Duration.ofMinutes(10));
            assertThat(floors.read(mark).vouched()).as("the word was for another store").isFalse();
        }
    }

    /// As a server may do that has too little memory.
    @Test
    void aStoreThatLostAPartIsOneThatBeganAnew() {
        try (var link = new Link();
                var floors = client()) {
            floors.raise(List.of(new Floor(Subject.key(UUID.randomUUID()), 5, true)));
            for (var part : List.of("uplion:floors", "uplion:floors:order")) {
                var before = floors.incarnation();
                floors.raise(List.of(new Floor(Subject.key(UUID.randomUUID()), 5, true)));
                floors.vouch(before, Duration.ofMinutes(10));

                link.delete(part);

                assertThat(floors.read(Reading.Mark.START).vouched()).as(part).isFalse();
                assertThat(floors.incarnation()).as(part).isNotEqualTo(before);
            }
        }
    }

    private static final class Link implements AutoCloseable {
        private final RedisLink link = new RedisLink(redis.config());

        void delete(String key) {
            long deleted = link.<Long>call(commands -> commands.del(key));
            assertThat(deleted).isOne();
        }

        @Override
        public void close() {
            link.close();
        }
    }
}
