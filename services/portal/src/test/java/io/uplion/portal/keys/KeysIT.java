// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation.Created;
import io.uplion.portal.limits.Change;
import io.uplion.portal.limits.LimitsChange;
import io.uplion.portal.limits.Problem;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.IpRange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysIT {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String ADA = "ada@example.org";
    private static final PostgresServer SERVER = new PostgresServer();

    private static final Limits LIMITS =
            new Limits(
                    Optional.of(60L),
                    Optional.of(100_000L),
                    Optional.of(4),
                    Optional.of(new Limits.Budget(12_500_000_000L, Limits.Period.MONTH)));
    private static final KeyTerms LIMITED = KeyTerms.forModels(Set.of("m")).withLimits(LIMITS);

    private final Keys keys = new Keys(SERVER.database(), CLOCK);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void oneUser() {
        SERVER.empty();
        assertThat(new Users(SERVER.database(), CLOCK).createAdmin(ADA, "Ada"))
                .isInstanceOf(AdminCreation.Created.class);
    }

    @Test
    void aKeyIsShownOnceAndKnownByItsEndsAfterwards() {
        var created = (Created) keys.create(asked("laptop"));
        var key = ApiKey.parse(created.secret().reveal()).orElseThrow();

        assertThat(keys.list()).containsExactly(created.key());
        assertThat(created.key().prefix()).isEqualTo(key.prefix());
        assertThat(created.key().last4()).isEqualTo(key.last4());
        assertThat(created.toString()).doesNotContain(created.secret().reveal());
        assertThat(everythingStored()).doesNotContain(created.secret().reveal());
    }

    @Test
    void keepsModelsAndExpiry() {
        var created =
                (Created)
                        keys.create(
                                new NewKey(
                                        "ci",
                                        "ADA@example.org",
                                        Set.of("gpt-4o-mini", "llama"),
                                        Optional.of(NOW.plusSeconds(60))));

        assertThat(keys.listOf(ADA)).containsExactly(created.key());
        assertThat(created.key().models()).containsExactlyInAnyOrder("gpt-4o-mini", "llama");
        assertThat(created.key().expiresAt()).contains(NOW.plusSeconds(60));
        assertThat(keys.listOf("nobody@example.org")).isEmpty();
    }

    @Test
    void refusesWhatIsOutOfBounds() {
        assertThat(keys.create(asked(""))).isInstanceOf(KeyCreation.Invalid.class);
        assertThat(keys.create(asked("n".repeat(101)))).isInstanceOf(KeyCreation.Invalid.class);
        assertThat(keys.create(asked("a\u0000b"))).isInstanceOf(KeyCreation.Invalid.class);
        assertThat(keys.create(new NewKey("k", ADA, Set.of(" "), Optional.empty())))
                .isInstanceOf(KeyCreation.Invalid.class);
        assertThat(keys.create(new NewKey("k", ADA, Set.of(), Optional.of(NOW))))
                .isInstanceOf(KeyCreation.Invalid.class);
        assertThat(keys.create(new NewKey("k", "nobody@b.c", Set.of(), Optional.empty())))
                .isEqualTo(new KeyCreation.NoSuchUser());
        assertThat(keys.create(new NewKey("k", "a\u0000@b.c", Set.of(), Optional.empty())))
                .isEqualTo(new KeyCreation.NoSuchUser());
        assertThat(keys.listOf("a\u0000@b.c")).isEmpty();
        assertThat(keys.list()).isEmpty();
    }

    @Test
    void revokesOnceAndForGood() {
        var id = ((Created) keys.create(asked("laptop"))).key().id();

        assertThat(keys.revoke(id)).isInstanceOf(Revocation.Revoked.class);
        assertThat(keys.revoke(id)).isInstanceOf(Revocation.AlreadyRevoked.class);
        assertThat(keys.revoke(UUID.randomUUID())).isEqualTo(new Revocation.NoSuchKey());
        assertThat(keys.list().getFirst().revokedAt()).contains(NOW);
    }

    @Test
    void aUserHasABoundedNumberOfUsableKeys() {
        for (var i = 0; i < Keys.MAX_PER_USER; i++) {
            assertThat(keys.create(asked("key " + i))).isInstanceOf(Created.class);
        }
        assertThat(keys.create(asked("one more")))
                .isEqualTo(new KeyCreation.TooManyKeys(Keys.MAX_PER_USER));

        keys.revoke(keys.list().getFirst().id());

        assertThat(keys.create(asked("one more"))).isInstanceOf(Created.class);
    }

    @Test
    void everythingAskedForIsKept() {
        var terms =
                new KeyTerms(
                        Scope.INFERENCE,
                        Set.of("m"),
                        Set.of("staff"),
                        List.of(IpRange.parse("192.0.2.0/24"), IpRange.parse("2001:db8::/32")),
                        LIMITS);
        var created = (Created) keys.create(asked(terms));

        assertThat(created.key().terms()).isEqualTo(terms);
        assertThat(keys.list()).containsExactly(created.key());
    }

    @Test
    void limitsThatCannotHoldAreRefusedWithFieldAndReason() {
        var tooMany =
                new Limits(Optional.of(-1L), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(keys.create(asked(KeyTerms.forModels(Set.of()).withLimits(tooMany))))
                .isEqualTo(
                        new KeyCreation.Invalid(new Problem("rpm", "must not be negative, is -1")));
        var managing = new KeyTerms(Scope.MANAGEMENT, Set.of(), Set.of(), List.of(), LIMITS);
        assertThat(keys.create(asked(managing)))
                .isEqualTo(
                        new KeyCreation.Invalid(
                                new Problem(
                                        "limits",
                                        "cannot be enforced: a management key runs no inference")));
        assertThat(keys.list()).isEmpty();
    }

    @Test
    void aKeyIsPaidByAnAccountThatItsOwnerBelongsTo() {
        var shop = UUID.randomUUID();
        execute("INSERT INTO accounts VALUES (?, 'Shop', 'ORGANIZATION', false, now())", shop);
        var wanted =
                new NewKey(
                        "k",
                        ADA,
                        Optional.of(shop),
                        KeyTerms.forModels(Set.of()),
                        Optional.empty());
        assertThat(keys.create(wanted)).isEqualTo(new KeyCreation.NotInAccount());

        execute("INSERT INTO account_members SELECT ?, id, now() FROM users", shop);

        assertThat(((Created) keys.create(wanted)).key().account()).isEqualTo(shop);
    }

    @Test
    void whatIsNotNamedStaysAsItWas() {
        var id = ((Created) keys.create(asked(LIMITED))).key().id();

        var change =
                new LimitsChange(
                        new Change.To<>(7L),
                        new Change.Clear<>(),
                        new Change.Keep<>(),
                        new Change.Keep<>());

        assertThat(keys.limit(id, change)).isInstanceOf(KeyChange.Changed.class);
        assertThat(keys.list().getFirst().terms().limits())
                .isEqualTo(
                        new Limits(
                                Optional.of(7L),
                                Optional.empty(),
                                LIMITS.concurrent(),
                                LIMITS.budget()));
        var zero =
                new LimitsChange(
                        new Change.To<>(0L),
                        new Change.Keep<>(),
                        new Change.Keep<>(),
                        new Change.Keep<>());
        assertThat(keys.limit(id, zero)).isInstanceOf(KeyChange.Invalid.class);
        assertThat(keys.limit(UUID.randomUUID(), change)).isEqualTo(new KeyChange.NoSuchKey());
        keys.revoke(id);
        assertThat(keys.limit(id, change)).isEqualTo(new KeyChange.Revoked());
    }

    @Test
    void aKeyIsSwitchedOffAndOn() {
        var id = ((Created) keys.create(asked("k"))).key().id();

        keys.setEnabled(id, false);
        assertThat(keys.list().getFirst().state(NOW)).isEqualTo(KeyMetadata.State.DISABLED);
        keys.setEnabled(id, true);
        assertThat(keys.list().getFirst().state(NOW)).isEqualTo(KeyMetadata.State.ACTIVE);
    }

    @Test
    void aRolledKeyWorksUntilItsOverlapEndsAndIsCountedAsOne() {
        var old = ((Created) keys.create(asked(LIMITED))).key();

        var rolled = (Rolling.Rolled) keys.roll(old.id(), Duration.ofHours(1));

        assertThat(rolled.key().terms()).isEqualTo(old.terms());
        assertThat(rolled.key().countedAs()).isEqualTo(old.id());
        assertThat(rolled.old().rolledTo()).contains(rolled.key().id());
        assertThat(rolled.old().state(NOW.plusSeconds(3599))).isEqualTo(KeyMetadata.State.ACTIVE);
        assertThat(rolled.old().state(NOW.plusSeconds(3600))).isEqualTo(KeyMetadata.State.ROLLED);
        assertThat(rolled.toString()).doesNotContain(rolled.secret().reveal());
        assertThat(keys.roll(old.id(), Duration.ZERO))
                .isEqualTo(new Rolling.NotUsable(KeyMetadata.State.ROLLED));
        var again = (Rolling.Rolled) keys.roll(rolled.key().id(), Duration.ZERO);
        assertThat(again.key().countedAs()).isEqualTo(old.id());
        assertThat(keys.roll(again.key().id(), Duration.ofDays(31)))
                .isEqualTo(new Rolling.Invalid(new Problem("overlap", "must be 0 to 30 days")));
        keys.revoke(again.key().id());
        assertThat(keys.roll(again.key().id(), Duration.ZERO))
                .isEqualTo(new Rolling.NotUsable(KeyMetadata.State.REVOKED));
    }

    @Test
    void everyChangeIsToldOnceItIsCommitted() {
        var seen = new ArrayList<Integer>();
        var telling = new Keys(SERVER.database(), CLOCK, () -> seen.add(keys.list().size()));

        var id = ((Created) telling.create(asked("k"))).key().id();
        telling.revoke(id);

        assertThat(seen).containsExactly(1, 1);
    }

    private static NewKey asked(KeyTerms terms) {
        return new NewKey("k", ADA, Optional.empty(), terms, Optional.empty());
    }

    private static void execute(String sql, Object... values) {
        SERVER.database().jdbi().useHandle(handle -> handle.execute(sql, values));
    }

    private static NewKey asked(String name) {
        return new NewKey(name, ADA, Set.of(), Optional.empty());
    }

    private static String everythingStored() {
        return SERVER.database()
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT string_agg(k::text, ' ') FROM api_keys k")
                                        .mapTo(String.class)
                                        .one());
    }
}
