// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.portal.PostgresServer;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation.Created;
import io.uplion.store.key.ApiKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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
