// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.counters.SharedState;
import io.uplion.openai.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What one gateway of a test has around it. The time is the test's.
final class Fleet {
    private Fleet() {}

    static final class Member {
        final FakeSource source = new FakeSource();
        final Map<String, Integer> held = new ConcurrentHashMap<>();
        final LiveCatalog catalog = new LiveCatalog(Clock.systemUTC());
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final QueueStatistics.Ports ports;

        Member(SharedState shared, Clock clock) {
            serve("a");
            ports = new QueueStatistics.Ports(shared, source, catalog, () -> held, clock, meters);
        }

        void serve(String model) {
            catalog.put(pool(model), PoolStatus.RUNNING);
        }
    }

    private static AIModel pool(String name) {
        return new AIModel(
                name,
                name,
                Serving.Simulator.DEFAULT,
                Set.of(Endpoint.CHAT),
                4,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(4),
                AIModel.Price.FREE,
                AIModel.Limits.DEFAULT,
                AIModel.Access.EVERYONE);
    }

    static final class Time extends Clock {
        private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
        private long nanos;

        void pass(Duration time) {
            nanos += time.toNanos();
        }

        long nanoTime() {
            return nanos;
        }

        @Override
        public Instant instant() {
            return START.plusNanos(nanos);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
