// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision;
import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.access.Decision.Unavailable;
import io.uplion.counters.redis.RedisFloors;
import io.uplion.counters.redis.RedisProcess;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.platform.identity.Subject;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.changes.AccessRelay;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.changes.Deliveries;
import io.uplion.portal.changes.Heartbeat;
import io.uplion.portal.identity.Owners;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.portal.limits.Change;
import io.uplion.portal.limits.LimitsChange;
import io.uplion.store.Database;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.StoredKey;
import io.uplion.store.key.StoredKeys;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes, a replica that lags, and Redis: all real. That something happened before the replica
/// knew of it is asked of the replica, so that no time is measured.
class RevocationIT {
    private static final String OWNER = "ada@example.org";
    private static final Duration LAG = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private static Path directory;
    private static ReplicatedPostgres postgres;
    private static RedisProcess redis;
    private static Database replica;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private List<Node> nodes;
    private Keys keys;
    private Owners owners;

    private record Made(Secret secret, Subject subject) {}

    @BeforeAll
    static void startServers() throws IOException {
        redis = RedisProcess.start("");
        postgres = new ReplicatedPostgres(directory, LAG);
        replica = postgres.reads();
        new Users(postgres.writes(), Clock.systemUTC()).createAdmin(OWNER, "Ada");
    }

    @AfterAll
    static void stopServers() throws IOException {
        replica.close();
        postgres.close();
        redis.close();
    }

    @BeforeEach
    void start() {
        var database = postgres.writes();
        var floors = add(RedisFloors.at(redis.config()));
        var shared = add(RedisSharedState.at(redis.config()));
        add(Heartbeat.start(database));
        add(AccessRelay.start(database, floors, shared));
        keys = new Keys(database, Clock.systemUTC(), new Deliveries(database, floors));
        owners = new Owners(database, new Deliveries(database, floors));
        nodes = List.of(node(), node());
        nodes.forEach(node -> Await.until("vouched", PATIENCE, node::isVouched));
    }

    @AfterEach
    void stop() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    private Node node() {
        return add(new Node(postgres.reads(), redis.config()));
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    @Test
    void whatIsMadeWorksAndWhatIsRevokedDoesNotBeforeTheReplicaKnows() {
        for (var i = 0; i < 10; i++) {
            var made = create(keys);
            everywhere(made, Allowed.class::isInstance);
            assertThat(onReplica(made)).as("the replica lags").isEmpty();
            keys.revoke(made.subject().id());
            everywhere(made, new Denied(Reason.REVOKED)::equals);
            assertThat(onReplica(made)).as("the replica lags").isEmpty();
        }
    }

    @Test
    void aRevokedKeyStaysRevokedWhileTheReplicaStillSaysThatItWorks() {
        var made = create(keys);
        Await.until("the replica knows it", PATIENCE, () -> onReplica(made).isPresent());
        everywhere(made, Allowed.class::isInstance);

        keys.revoke(made.subject().id());
        everywhere(made, decision -> !(decision instanceof Allowed));
        neverAllowedUntilTheReplicaKnows(made);

        everywhere(made, new Denied(Reason.REVOKED)::equals);
    }

    @Test
    void aLoweredLimitHoldsBeforeTheReplicaKnowsForKeyAndUser() {
        var made = create(keys);
        Await.until("the replica knows it", PATIENCE, () -> onReplica(made).isPresent());
        everywhere(made, decision -> limits(decision).isEmpty());

        keys.limit(made.subject().id(), rpm(7));
        everywhere(made, decision -> limits(decision).contains(7L));
        owners.limit(owners.user(OWNER).orElseThrow(), rpm(9));
        everywhere(made, decision -> limits(decision).containsAll(Set.of(7L, 9L)));

        assertThat(onReplica(made).orElseThrow().principal().limited()).as("it lags").isEmpty();
    }

    /// A command that does not know Redis, or a portal that is killed at the wrong moment.
    @Test
    void theRelayTellsWhatAWriterThatDiedDidNot() {
        var dying = new Keys(postgres.writes(), Clock.systemUTC(), AfterChange.NOTHING);
        var made = create(dying);
        everywhere(made, Allowed.class::isInstance);

        dying.revoke(made.subject().id());

        everywhere(made, new Denied(Reason.REVOKED)::equals);
        assertThat(onReplica(made)).as("the replica lags").isEmpty();
    }

    @Test
    void aRedisThatBeginsAnewBringsNoKeyBack() {
        var made = create(keys);
        Await.until("the replica knows it", PATIENCE, () -> onReplica(made).isPresent());
        everywhere(made, Allowed.class::isInstance);
        keys.revoke(made.subject().id());
        everywhere(made, decision -> !(decision instanceof Allowed));

        redis.kill();
        redis.start();
        // This one has never seen the floor.
        var fresh = node();

        neverAllowedUntilTheReplicaKnows(made, fresh);
        Await.until("vouched again", PATIENCE, fresh::isVouched);
        assertThat(fresh.ask(made.secret())).isEqualTo(new Denied(Reason.REVOKED));
    }

    @Test
    void aRedisThatIsAwayLeavesAReplicaThatLagsTooMuchToBelieve() {
        var made = create(keys);
        Await.until("the replica knows it", PATIENCE, () -> onReplica(made).isPresent());
        redis.kill();
        try {
            everywhere(made, new Unavailable()::equals);
            var nobody = ApiKey.generate(new SecureRandom()).secret();
            assertThat(nodes.getFirst().ask(nobody)).as("never 401").isEqualTo(new Unavailable());
        } finally {
            redis.start();
        }
        everywhere(made, Allowed.class::isInstance);
    }

    @Test
    void gatewaysLearnWhoseTasksAreToStop() {
        var made = create(keys);
        var account = owners.personalAccount(OWNER).orElseThrow();

        keys.setEnabled(made.subject().id(), false);
        owners.setDisabled(account, true);
        for (var node : nodes) {
            Await.until(
                    "both are told",
                    PATIENCE,
                    () -> node.ended().containsAll(Set.of(made.subject(), account)));
        }
        owners.setDisabled(account, false);
        for (var node : nodes) {
            Await.until("it may go on", PATIENCE, () -> !node.ended().contains(account));
            assertThat(node.ended()).contains(made.subject());
        }
    }

    private Made create(Keys with) {
        var made =
                (KeyCreation.Created)
                        with.create(new NewKey("k", OWNER, Set.of(), Optional.empty()));
        return new Made(made.secret(), Subject.key(made.key().id()));
    }

    private void everywhere(Made made, Predicate<Decision> wanted) {
        for (var node : nodes) {
            Await.until("it is so", PATIENCE, () -> wanted.test(node.ask(made.secret())));
        }
    }

    private void neverAllowedUntilTheReplicaKnows(Made made, Node... others) {
        var all = new ArrayList<>(nodes);
        all.addAll(List.of(others));
        do {
            for (var node : all) {
                assertThat(node.ask(made.secret())).isNotInstanceOf(Allowed.class);
            }
        } while (onReplica(made).orElseThrow().revokedAt().isEmpty());
    }

    private static Optional<StoredKey> onReplica(Made made) {
        var hash = ApiKey.parse(made.secret().reveal()).orElseThrow().sha256();
        var found = new StoredKeys(replica.jdbi()).find(Set.of(hash));
        assertThat(found.asOf().replica()).isTrue();
        return Optional.ofNullable(found.keys().get(hash));
    }

    private static List<Long> limits(Decision decision) {
        return decision instanceof Allowed(var principal)
                ? principal.limited().stream()
                        .flatMap(limited -> limited.limits().rpm().stream())
                        .toList()
                : List.of(-1L);
    }

    private static LimitsChange rpm(long value) {
        return new LimitsChange(
                new Change.To<>(value),
                new Change.Keep<>(),
                new Change.Keep<>(),
                new Change.Keep<>());
    }
}
