// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.SharedState;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.gateway.statistics.Fleet.Member;
import io.uplion.queue.TopicState;
import io.uplion.testing.wait.Await;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two gateways over a real Redis, at their own pace.
class QueueStatisticsIT {
    private static final TopicState BUSY = new TopicState(12, 4, 5, 100);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisProcess redis;

    private final class Gateway {
        final SharedState shared = opened(redis.client());
        final Member member = new Member(shared, Clock.systemUTC());
        final QueueStatistics statistics;

        Gateway(String name) {
            member.source.topic("a", BUSY);
            member.held.put("a", 3);
            statistics = opened(QueueStatistics.start(name, member.ports));
        }

        boolean knows() {
            return statistics.of("a").isPresent();
        }

        int polls() {
            return member.source.polls();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.addFirst(resource);
        return resource;
    }

    @BeforeEach
    void start() {
        redis = RedisProcess.start("");
    }

    @AfterEach
    void stop() throws Exception {
        for (var resource : opened) {
            resource.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private static void within(int seconds, String what, BooleanSupplier is) {
        Await.until(what, Duration.ofSeconds(seconds), is);
    }

    @Test
    void bothKnowAndOnePollsUntilItIsCutOff() {
        var one = new Gateway("one");
        within(5, "the first knows", one::knows);
        var other = new Gateway("other");
        within(5, "both know", () -> one.knows() && other.knows());
        within(5, "held", () -> other.statistics.of("a").orElseThrow().heldElsewhere() == 3);
        assertThat(other.polls()).isZero();

        one.shared.close(); // It lives, and reaches Redis no more: its lease runs out.

        within(8, "the other polls", () -> other.polls() > 0);
        assertThat(other.knows()).as("nothing was forgotten meanwhile").isTrue();
        within(
                7,
                "what the first held is gone",
                () -> other.statistics.of("a").orElseThrow().heldElsewhere() == 0);
    }

    @Test
    void aRedisThatComesBackEmptyIsFilledAgain() {
        var one = new Gateway("one");
        var other = new Gateway("other");
        within(5, "both know", () -> one.knows() && other.knows());

        redis.kill();
        redis.start();
        var store = opened(redis.client());

        within(
                4,
                "the store is filled again",
                () -> {
                    assertThat(one.knows() && other.knows()).isTrue();
                    return !store.all(StatisticsPoll.TABLE).isEmpty();
                });
    }
}
