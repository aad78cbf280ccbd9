// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.revocation;

import io.uplion.access.Access;
import io.uplion.access.AccessConfig;
import io.uplion.access.Credentials;
import io.uplion.access.Decision;
import io.uplion.access.Question;
import io.uplion.counters.SharedState;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.FloorsWatch;
import io.uplion.counters.redis.RedisConfig;
import io.uplion.counters.redis.RedisFloors;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.platform.identity.Subject;
import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.DatabaseHealth;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One of many that decide about requests, which reads from a replica.
final class Node implements AutoCloseable {
    private final Database reads;
    private final DatabaseHealth health;
    private final Floors floors;
    private final FloorsWatch known;
    private final SharedState shared;
    private final Access access;
    private volatile Set<Subject> ended = Set.of();

    /// @param reads closed with the node
    Node(Database reads, RedisConfig redis) {
        this.reads = reads;
        this.health = DatabaseHealth.watch(reads);
        this.floors = RedisFloors.at(redis);
        this.known = FloorsWatch.start(floors, all -> ended = all);
        this.shared = RedisSharedState.at(redis);
        this.access =
                Access.start(
                        AccessConfig.defaults(),
                        new Access.Nodes(reads, floors, known, shared, health),
                        Clock.systemUTC());
    }

    boolean isVouched() {
        return known.isVouched();
    }

    boolean isReady() {
        return health.isReady();
    }

    /// Whose tasks a gateway here would stop.
    Set<Subject> ended() {
        return ended;
    }

    Decision ask(Secret key) {
        return access.decide(Question.inference(new Credentials.Key(key), Optional.empty()))
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        access.close();
        shared.close();
        known.close();
        floors.close();
        health.close();
        reads.close();
    }
}
