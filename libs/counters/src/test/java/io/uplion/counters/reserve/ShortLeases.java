// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.redis.RedisCalls;
import java.time.Duration;

/// The same store with leases that a test can wait for.
public final class ShortLeases {
    private ShortLeases() {}

    public static Reservations reservations(RedisCalls redis, Duration lease) {
        return new RedisReservations(redis, lease);
    }

    public static Budgets budgets(RedisCalls redis, Duration lease) {
        return new RedisBudgets(redis, lease);
    }
}
