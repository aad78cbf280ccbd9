// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.catalog.shared.CatalogPublisher;
import io.uplion.catalog.shared.PoolState;
import io.uplion.catalog.shared.SharedCatalog;
import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.SharedState;
import io.uplion.openai.Endpoint;
import io.uplion.queue.TopicState;
import io.uplion.queue.Topics;
import io.uplion.testing.wait.Await;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What clients of a model that starts are told comes from here.
class PoolWatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int SLOTS = 4;

    private final SharedState shared = new InProcessSharedState(System::nanoTime);
    private final CatalogPublisher publisher = CatalogPublisher.start(shared);
    private final SharedCatalog gateway = SharedCatalog.start(shared, Clock.systemUTC());
    private final Map<String, Integer> consumers = new ConcurrentHashMap<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private PoolWatch watch = watch();

    private PoolWatch watch() {
        return new PoolWatch(
                new PoolWatch.Ports(this::poll, new NoTopics(), publisher, new Now()), 2);
    }

    @AfterEach
    void close() {
        gateway.close();
        publisher.close();
    }

    @Test
    void startTimeIsFromTheFirstLookAtWhichNobodyPulledToThatAtWhichSomebodyDoes() {
        wanted();
        look(0, 0);
        look(40, 0);
        awaitState(state -> state.startingSince().isPresent() && state.lastStart().isEmpty());
        assertThat(gateway.lastStart("a")).isEmpty();

        look(2, SLOTS);
        awaitState(state -> state.startingSince().isEmpty());
        assertThat(gateway.lastStart("a")).contains(Duration.ofSeconds(42));

        look(500, 2 * SLOTS);
        look(2, 0);
        awaitState(state -> state.startingSince().isPresent());
        assertThat(gateway.lastStart("a")).as("of the last time").contains(Duration.ofSeconds(42));

        look(10, SLOTS);
        awaitState(state -> state.lastStart().equals(Optional.of(Duration.ofSeconds(10))));
    }

    @Test
    void poolThatRanBeforeTheControllerDidHasNotStartedInNoTime() {
        wanted();
        look(0, 0);
        look(40, SLOTS);
        awaitState(state -> state.lastStart().isPresent());

        watch = watch();
        wanted();
        look(2, SLOTS);
        look(2, SLOTS);

        awaitState(state -> state.lastStart().isEmpty());
    }

    private void wanted() {
        AIModel pool = pool();
        publisher.publish(List.of(pool));
        watch.wanted(List.of(pool));
    }

    private void look(int secondsLater, int slots) {
        now = now.plusSeconds(secondsLater);
        consumers.put("a", slots);
        watch.round();
    }

    private void awaitState(Predicate<PoolState> condition) {
        Await.until("gateways know", LIMIT, () -> gateway.state("a").filter(condition).isPresent());
    }

    private Map<String, TopicState> poll(Iterable<String> models) {
        Map<String, TopicState> states = new HashMap<>();
        models.forEach(model -> states.put(model, new TopicState(0, 0, consumers.get(model), 0)));
        return states;
    }

    private static AIModel pool() {
        return new AIModel(
                "a",
                "a",
                Serving.Simulator.DEFAULT,
                Set.of(Endpoint.CHAT),
                SLOTS,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(SLOTS),
                AIModel.Price.FREE,
                AIModel.Limits.DEFAULT,
                AIModel.Access.EVERYONE);
    }

    private final class Now extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }

    private static final class NoTopics implements Topics {
        @Override
        public void createTopic(String model) {
            throw new AssertionError("made by the controller");
        }

        @Override
        public void deleteTopic(String model) {
            throw new AssertionError("nothing is gone");
        }
    }
}
