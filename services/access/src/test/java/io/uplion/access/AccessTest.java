// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.access.Decision.Unavailable;
import io.uplion.counters.floors.KnownFloors;
import io.uplion.platform.secret.Secret;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.SessionToken;
import io.uplion.store.key.StoredKey;
import io.uplion.testing.time.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccessTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final FakeKeyReads reads = new FakeKeyReads();
    private final SettableClock clock = new SettableClock(START);
    private final ApiKey key = ApiKey.generate(RANDOM);
    private Access access = start(AccessConfig.defaults());

    @AfterEach
    void close() {
        access.close();
    }

    @Test
    void noKeyIsDeniedWithoutALookup() {
        assertThat(now(new Credentials.None())).isEqualTo(new Denied(Reason.MISSING_KEY));
        assertThat(reads.calls()).isZero();
    }

    @Test
    void tenThousandMalformedKeysCostNoLookup() {
        for (var i = 0; i < 10_000; i++) {
            var text = ApiKey.generate(RANDOM).secret().reveal();
            var position = 4 + RANDOM.nextInt(ApiKey.LENGTH - 4);
            var wrong = text.charAt(position) == 'a' ? 'b' : 'a';
            var changed = text.substring(0, position) + wrong + text.substring(position + 1);

            assertThat(now(new Credentials.Key(Secret.of(changed))))
                    .isEqualTo(new Denied(Reason.MALFORMED_KEY));
        }
        assertThat(reads.calls()).isZero();
    }

    @Test
    void malformedSessionsCostNoLookupAndAKeyIsNone() {
        for (var text : List.of("ups_", "ups_x", ApiKey.generate(RANDOM).secret().reveal())) {
            assertThat(now(new Credentials.Session(Secret.of(text))))
                    .isEqualTo(new Denied(Reason.NO_SESSION));
        }
        var token = SessionToken.generate(RANDOM).secret().reveal();
        var changed = token.substring(0, 20) + (token.charAt(20) == 'a' ? 'b' : 'a');
        assertThat(now(new Credentials.Key(Secret.of(changed + token.substring(21)))))
                .isEqualTo(new Denied(Reason.NO_SESSION));
        assertThat(reads.calls()).isZero();
    }

    @Test
    void aRememberedKeyIsAnsweredAtOnce() {
        reads.put(key, record(null, null));
        var first = ask();

        assertThat(first).isInstanceOf(Allowed.class);
        assertThat(now(credentials())).isEqualTo(first);
        assertThat(reads.calls()).isOne();
    }

    @Test
    void aRevokedKeyIsRefusedWithinThePromise() {
        reads.put(key, record(null, null));
        assertThat(ask()).isInstanceOf(Allowed.class);
        reads.put(key, record(null, START));

        clock.advance(AccessConfig.REVOCATION_PROMISE);

        assertThat(ask()).isEqualTo(new Denied(Reason.REVOKED));
    }

    @Test
    void aRevocationDuringTheReadIsNotOutlived() {
        reads.put(key, record(null, null));
        reads.duringRead(() -> clock.advance(Duration.ofSeconds(3)));
        assertThat(ask()).isInstanceOf(Allowed.class);
        reads.duringRead(() -> {});

        clock.advance(Duration.ofSeconds(1));
        ask();

        assertThat(reads.calls()).as("the life counts from before the read").isEqualTo(2);
    }

    @Test
    void aRememberedKeyDoesNotOutliveItsExpiry() {
        reads.put(key, record(START.plusSeconds(1), null));
        assertThat(ask()).isInstanceOf(Allowed.class);

        clock.advance(Duration.ofSeconds(1));

        assertThat(ask()).isEqualTo(new Denied(Reason.EXPIRED));
    }

    @Test
    void aClockSetBackDoesNotProlongALife() {
        reads.put(key, record(null, null));
        assertThat(ask()).isInstanceOf(Allowed.class);

        clock.advance(Duration.ofHours(-1));
        ask();

        assertThat(reads.calls()).isEqualTo(2);
    }

    @Test
    void aNewKeyWorksAtOnce() {
        assertThat(ask()).isEqualTo(new Denied(Reason.UNKNOWN_KEY));

        reads.put(key, record(null, null));

        assertThat(ask()).isInstanceOf(Allowed.class);
    }

    @Test
    void concurrentMissesOfOneKeyShareOneLookup() {
        reads.put(key, record(null, null));
        reads.block();
        var asked = new ArrayList<CompletableFuture<Decision>>();
        for (var i = 0; i < 100; i++) {
            asked.add(access.decide(question(credentials())).toCompletableFuture());
        }
        reads.unblock();

        assertThat(asked).allSatisfy(one -> assertThat(wait(one)).isInstanceOf(Allowed.class));
        assertThat(reads.calls()).isOne();
    }

    @Test
    void aDatabaseThatFailsIsUnavailableAndNotRemembered() {
        reads.put(key, record(null, null));
        reads.fail(true);
        assertThat(ask()).isEqualTo(new Unavailable());

        reads.fail(false);

        assertThat(ask()).isInstanceOf(Allowed.class);
    }

    @Test
    void aDatabaseThatHangsIsUnavailableAndGivesTheTurnBack() {
        restart(new AccessConfig(Duration.ofSeconds(4), 10, 1, 10, Duration.ofMillis(50)));
        reads.put(key, record(null, null));
        reads.block();
        assertThat(ask()).isEqualTo(new Unavailable());
        reads.unblock();

        assertThat(askUntilAllowed()).isInstanceOf(Allowed.class);
    }

    @Test
    void whatDoesNotFitTheBoundIsUnavailableAtOnce() {
        restart(new AccessConfig(Duration.ofSeconds(4), 10, 1, 1, Duration.ofSeconds(30)));
        reads.block();
        access.decide(question(credentials()));

        var other = new Credentials.Key(ApiKey.generate(RANDOM).secret());

        assertThat(now(other)).isEqualTo(new Unavailable());
        reads.unblock();
    }

    /// Whoever makes up keys with a right checksum may not take the database from the others.
    @Test
    void aFloodOfUnknownKeysIsRefusedInFewQuestions() {
        restart(new AccessConfig(Duration.ofSeconds(4), 10, 8, 20_000, Duration.ofSeconds(30)));
        var unknown = Stream.generate(AccessTest::anyKey).limit(20_000).toList();
        reads.block();
        var asked =
                unknown.stream()
                        .map(one -> access.decide(question(one)).toCompletableFuture())
                        .toList();
        reads.unblock();

        assertThat(asked)
                .allSatisfy(one -> assertThat(wait(one)).isEqualTo(new Denied(Reason.UNKNOWN_KEY)));
        assertThat(reads.calls()).isLessThan(100);
    }

    @Test
    void aKeyThatWasAllowedDoesNotWaitBehindAFlood() {
        restart(new AccessConfig(Duration.ofSeconds(4), 10, 1, 2_000, Duration.ofSeconds(30)));
        reads.put(key, record(null, null));
        assertThat(ask()).isInstanceOf(Allowed.class);
        clock.advance(Duration.ofSeconds(4));
        reads.block();
        for (var i = 0; i < 2_000; i++) {
            access.decide(question(anyKey()));
        }
        var mine = access.decide(question(credentials())).toCompletableFuture();
        reads.unblock();

        assertThat(wait(mine)).isInstanceOf(Allowed.class);
        assertThat(reads.questions().get(2))
                .as("the first after the one that ran")
                .contains(key.sha256());
    }

    @Test
    void closingAnswersWhoeverWaits() {
        reads.block();
        var waiting = access.decide(question(credentials())).toCompletableFuture();

        access.close();

        assertThat(wait(waiting)).isEqualTo(new Unavailable());
        assertThat(now(credentials())).isEqualTo(new Unavailable());
    }

    @Test
    void aCacheLifeBeyondThePromiseIsRefused() {
        assertThatThrownBy(
                        () ->
                                new AccessConfig(
                                        Duration.ofSeconds(6), 1, 1, 1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void restart(AccessConfig config) {
        access.close();
        access = start(config);
    }

    private static Question question(Credentials credentials) {
        return Question.inference(credentials, Optional.empty());
    }

    private Credentials credentials() {
        return new Credentials.Key(key.secret());
    }

    private static Credentials anyKey() {
        return new Credentials.Key(ApiKey.generate(RANDOM).secret());
    }

    private Decision ask() {
        return wait(access.decide(question(credentials())).toCompletableFuture());
    }

    private Decision askUntilAllowed() {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end) {
            if (ask() instanceof Allowed decision) {
                return decision;
            }
        }
        throw new AssertionError("not allowed within 10 s");
    }

    private Decision now(Credentials credentials) {
        var stage = access.decide(question(credentials)).toCompletableFuture();
        assertThat(stage).isDone();
        return stage.join();
    }

    private static Decision wait(CompletableFuture<Decision> decision) {
        return decision.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private Access start(AccessConfig config) {
        return Access.start(
                config,
                new Access.Ports(
                        reads, KnownFloors.NONE, KeyCache.NONE, () -> true, Optional.empty()),
                clock);
    }

    private StoredKey record(@Nullable Instant expiresAt, @Nullable Instant revokedAt) {
        return TestKeys.of(key).expires(expiresAt).revoked(revokedAt).stored();
    }
}
