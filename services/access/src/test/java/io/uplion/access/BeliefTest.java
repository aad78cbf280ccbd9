// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.access.Decision.Unavailable;
import io.uplion.platform.identity.Subject;
import io.uplion.platform.secret.Secret;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.DatedKey;
import io.uplion.store.key.SessionToken;
import io.uplion.testing.time.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is believed of a replica and of caches, with floors and without.
class BeliefTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeKeyReads reads = new FakeKeyReads();
    private final FakeFloors floors = new FakeFloors();
    private final FakeKeyCache cache = new FakeKeyCache();
    private final SettableClock clock = new SettableClock(NOW);
    private final ApiKey key = ApiKey.generate(new SecureRandom());
    private volatile boolean databaseIsUp = true;
    private final Access access =
            Access.start(
                    AccessConfig.defaults(),
                    new Access.Ports(reads, floors, cache, () -> databaseIsUp, Optional.empty()),
                    clock);

    @AfterEach
    void close() {
        access.close();
    }

    @Test
    void withFloorsAReplicaMayLagForAnHour() {
        floors.vouched(true);
        reads.put(key, TestKeys.of(key).stored());
        reads.replica(NOW.minus(Duration.ofMinutes(60)));
        assertThat(ask()).isInstanceOf(Allowed.class);

        reads.replica(NOW.minus(Duration.ofMinutes(60)).minusMillis(1));
        floors.raise(Subject.key(TestKeys.ID), 1);
        clock.advance(Duration.ofSeconds(4));

        assertThat(ask()).isEqualTo(new Unavailable());
    }

    @Test
    void withoutFloorsAReplicaMayLagForFourSeconds() {
        reads.put(key, TestKeys.of(key).stored());
        reads.replica(NOW.minusSeconds(4));
        assertThat(ask()).isInstanceOf(Allowed.class);

        clock.advance(Duration.ofMillis(1));

        assertThat(ask()).as("what is remembered is no younger").isEqualTo(new Unavailable());
    }

    @Test
    void whatIsBelowAFloorIsNeverUsed() {
        floors.vouched(true);
        for (var subject :
                List.of(
                        Subject.key(TestKeys.ID),
                        Subject.user(TestKeys.USER),
                        Subject.account(TestKeys.ACCOUNT))) {
            cache.clear();
            reads.put(key, TestKeys.of(key).versions(9, 9, 9).stored());
            reads.replica(NOW);
            assertThat(ask()).isInstanceOf(Allowed.class);

            floors.raise(subject, 10);

            assertThat(ask())
                    .as("neither remembered nor cached nor a replica's: " + subject)
                    .isEqualTo(new Unavailable());
            reads.put(key, TestKeys.of(key).versions(10, 10, 10).revoked(NOW).stored());
            assertThat(ask()).isEqualTo(new Denied(Reason.REVOKED));
            floors.raise(subject, 0);
        }
    }

    @Test
    void aSessionBelowAFloorIsNeverUsed() {
        floors.vouched(true);
        var token = SessionToken.generate(new SecureRandom());
        reads.replica(NOW);
        reads.put(TestKeys.of(token).versions(9, 9, 9).stored());
        assertThat(ask(token.secret())).isInstanceOf(Allowed.class);

        floors.raise(Subject.session(TestKeys.ID), 10);

        assertThat(ask(token.secret())).isEqualTo(new Unavailable());
        reads.put(TestKeys.of(token).versions(10, 9, 9).revoked(NOW).stored());
        assertThat(ask(token.secret())).isEqualTo(new Denied(Reason.NO_SESSION));
    }

    @Test
    void aKeyThatTheReplicaDoesNotKnowYetComesFromTheCache() {
        floors.vouched(true);
        reads.replica(NOW.minusSeconds(30));
        cache.put(List.of(new DatedKey(TestKeys.of(key).stored(), NOW)));

        assertThat(ask()).isInstanceOf(Allowed.class);
        assertThat(reads.calls()).isZero();
    }

    @Test
    void withoutFloorsTheCacheIsNotAsked() {
        reads.replica(NOW);
        cache.put(List.of(new DatedKey(TestKeys.of(key).stored(), NOW)));

        assertThat(ask()).isEqualTo(new Denied(Reason.UNKNOWN_KEY));
        assertThat(cache.calls()).isZero();
    }

    @Test
    void whatTheCacheHoldsIsNotOlderThanFloorsLive() {
        floors.vouched(true);
        reads.replica(NOW);
        cache.put(
                List.of(
                        new DatedKey(
                                TestKeys.of(key).stored(),
                                NOW.minus(Duration.ofHours(1)).minusMillis(1))));

        assertThat(ask()).isEqualTo(new Denied(Reason.UNKNOWN_KEY));
    }

    @Test
    void whatWasReadIsThereForTheOtherNodes() {
        floors.vouched(true);
        reads.put(key, TestKeys.of(key).stored());
        reads.replica(NOW);
        ask();

        assertThat(cache.size()).isOne();
    }

    @Test
    void whatNobodyKnowsIs503WhereTheReplicaIsTooOldToSay() {
        reads.replica(NOW.minusSeconds(5));
        assertThat(ask()).isEqualTo(new Unavailable());

        reads.replica(NOW);
        assertThat(ask()).isEqualTo(new Denied(Reason.UNKNOWN_KEY));
    }

    @Test
    void aDatabaseThatIsKnownToBeDownIsNotWaitedFor() {
        reads.put(key, TestKeys.of(key).stored());
        databaseIsUp = false;

        assertThat(ask()).isEqualTo(new Unavailable());
        assertThat(reads.calls()).isZero();
    }

    /// The row changed while it was read, and its floor was faster.
    @Test
    void aPrimaryIsAskedOnceMore() {
        floors.raise(Subject.key(TestKeys.ID), 2);
        reads.put(key, TestKeys.of(key).versions(1, 1, 1).stored());
        reads.duringRead(
                () -> {
                    if (reads.calls() == 2) {
                        reads.put(key, TestKeys.of(key).versions(2, 1, 1).stored());
                    }
                });

        assertThat(ask()).isInstanceOf(Allowed.class);
    }

    private Decision ask() {
        return ask(key.secret());
    }

    private Decision ask(Secret shown) {
        return access.decide(Question.inference(new Credentials.Key(shown), Optional.empty()))
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
