// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.openai.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;

/// Models, and a time that the test makes.
final class Sample {
    private Sample() {}

    static AIModel pool(String name, String model, int concurrency) {
        return new AIModel(
                name,
                model,
                Serving.Simulator.DEFAULT,
                Set.of(Endpoint.CHAT),
                concurrency,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(concurrency),
                AIModel.Price.FREE,
                AIModel.Limits.DEFAULT,
                AIModel.Access.EVERYONE);
    }

    static AIModel pool(String name) {
        return pool(name, name, 4);
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
