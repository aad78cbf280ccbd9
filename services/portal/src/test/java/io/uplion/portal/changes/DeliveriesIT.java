// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.InProcessSharedState;
import io.uplion.counters.floors.Floor;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.InProcessFloors;
import io.uplion.counters.floors.Reading;
import io.uplion.platform.identity.Subject;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.KeyMetadata;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.DatedKey;
import io.uplion.testing.wait.Await;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveriesIT {
    private static final String OWNER = "ada@example.org";
    private static final PostgresServer SERVER = new PostgresServer();

    private final InProcessFloors floors = new InProcessFloors(System::nanoTime);
    private final Deliveries deliveries = new Deliveries(SERVER.database(), floors);
    private final Keys keys = new Keys(SERVER.database(), Clock.systemUTC(), deliveries);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void oneUser() {
        SERVER.empty();
        assertThat(new Users(SERVER.database(), Clock.systemUTC()).createAdmin(OWNER, "Ada"))
                .isInstanceOf(AdminCreation.Created.class);
    }

    @Test
    void aChangeIsKnownWhenItsCallReturns() {
        var made = create();
        var subject = Subject.key(made.key().id());
        assertThat(raised(floors)).extracting(Floor::subject).containsExactly(subject);
        assertThat(kept(floors, made).key().revokedAt()).isEmpty();

        keys.revoke(made.key().id());

        assertThat(raised(floors))
                .singleElement()
                .satisfies(floor -> assertThat(floor.ended()).isTrue());
        assertThat(kept(floors, made).key().revokedAt()).isPresent();
        assertThat(floors.kept(Set.of(hash(made))).toString())
                .as("what others may read is not the key")
                .doesNotContain(made.secret().reveal().substring(4));
    }

    @Test
    void anOwnersChangeTellsTheKeysToo() {
        var made = create();
        execute("UPDATE users SET rpm = 5");

        deliveries.deliver();

        assertThat(kept(floors, made).key().principal().limited()).hasSize(1);
    }

    @Test
    void whatCannotBeToldWaitsAndFailsNobody() {
        var made = create();
        floors.close();
        keys.revoke(made.key().id());
        var later = new InProcessFloors(System::nanoTime);

        new Deliveries(SERVER.database(), later).deliver();

        assertThat(raised(later)).extracting(Floor::ended).containsExactly(true);
    }

    @Test
    void aNewStoreIsFilledBeforeAnybodyVouchesForIt() {
        for (var i = 0; i < 3; i++) {
            create();
        }
        assertThat(raised(floors)).hasSize(3);
        var fresh = new InProcessFloors(System::nanoTime);
        try (var _ =
                AccessRelay.start(
                        SERVER.database(), fresh, new InProcessSharedState(System::nanoTime))) {
            Await.until(
                    "vouched",
                    Duration.ofSeconds(60),
                    () -> fresh.read(Reading.Mark.START).vouched());
            assertThat(raised(fresh)).hasSize(3);
        }
    }

    @Test
    void onlyOneOfTwoRelaysWorks() {
        var leases = new InProcessSharedState(System::nanoTime);
        assertThat(leases.lease("access-relay", "another", Duration.ofMinutes(1))).isTrue();
        try (var _ = AccessRelay.start(SERVER.database(), floors, leases)) {
            create();
            assertThat(floors.read(Reading.Mark.START).vouched()).isFalse();
            leases.release("access-relay", "another");
            Await.until(
                    "it takes over",
                    Duration.ofSeconds(60),
                    () -> floors.read(Reading.Mark.START).vouched());
        }
    }

    @Test
    void whatWasToldLongAgoIsForgotten() {
        create();
        execute("UPDATE access_changes SET delivered_at = now() - interval '3 hours'");
        execute("UPDATE users SET rpm = 5");
        SERVER.database().jdbi().useHandle(handle -> ChangeSql.forget(handle, Duration.ofHours(2)));

        assertThat(count("SELECT count(*) FROM access_changes")).as("what waits stays").isOne();
    }

    @Test
    void theLastUseIsWrittenAndNeverTakenBack() {
        var made = create();
        var shared = new InProcessSharedState(System::nanoTime);
        var use = new KeyUse(SERVER.database().jdbi(), shared);

        for (var second : List.of("1000060", "1000000")) {
            shared.putAll(
                    "keys-used", Map.of(made.key().id().toString(), second), Duration.ofMinutes(1));
            use.write();
        }

        assertThat(keys.list())
                .extracting(KeyMetadata::lastUsedAt)
                .containsExactly(Optional.of(Instant.ofEpochSecond(1_000_060)));
        assertThat(count("SELECT count(*) FROM access_changes WHERE delivered_at IS NULL"))
                .as("a use is no change")
                .isZero();
    }

    private KeyCreation.Created create() {
        return (KeyCreation.Created)
                keys.create(new NewKey("k", OWNER, Set.of(), Optional.empty()));
    }

    private static List<Floor> raised(Floors from) {
        return from.read(Reading.Mark.START).floors();
    }

    private static DatedKey kept(Floors from, KeyCreation.Created made) {
        return DatedKey.parse(from.kept(Set.of(hash(made))).get(hash(made)));
    }

    private static String hash(KeyCreation.Created made) {
        return ApiKey.parse(made.secret().reveal()).orElseThrow().sha256().toString();
    }

    private static void execute(String sql) {
        SERVER.database().jdbi().useHandle(handle -> handle.execute(sql));
    }

    private static int count(String sql) {
        return SERVER.database()
                .jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
