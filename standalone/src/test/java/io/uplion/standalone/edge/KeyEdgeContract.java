// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.edge.Edge.Admitted;
import io.uplion.gateway.edge.Edge.Credentials;
import io.uplion.openai.ErrorCode;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.Origin;
import io.uplion.portal.identity.Sessions;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.store.key.ApiKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Edges that a client's key reaches, over a real database.
abstract class KeyEdgeContract extends EdgeContract {
    @TempDir private static Path data;

    private EmbeddedDatabase server;
    private KeyCreation.Created key;
    private KeyCreation.Created another;
    private Principal who;
    private Sessions.Opened session;
    private Edge edge;

    /// @param database what `access` reads from
    abstract Edge open(DatabaseConfig database) throws Exception;

    abstract void closeEdge() throws Exception;

    @BeforeEach
    void start() throws Exception {
        server = EmbeddedDatabase.open(data);
        try (var database = Database.open(server.config())) {
            database.migrate();
            makeKeys(database);
        }
        edge = open(server.config().readOnly());
    }

    @AfterEach
    void stop() throws Exception {
        closeEdge();
        server.close();
    }

    private void makeKeys(Database database) {
        var email = "user" + System.nanoTime() + "@example.org";
        var made = new Users(database, Clock.systemUTC()).createAdmin(email, "Ada");
        var user = ((AdminCreation.Created) made).user();
        var keys = new Keys(database, Clock.systemUTC());
        var asked = new NewKey("k", email, Set.of("m", "n"), Optional.empty());
        key = (KeyCreation.Created) keys.create(asked);
        another = (KeyCreation.Created) keys.create(asked);
        session =
                new Sessions(database, Clock.systemUTC()).open(user, new Origin("192.0.2.7", "B"));
        who =
                new Principal(
                        user.account(),
                        user.id(),
                        Optional.of(key.key().id()),
                        user.roles(),
                        Set.of(),
                        Set.of("m", "n"));
    }

    @Override
    final Edge edge() {
        return edge;
    }

    private static Credentials bearer(Secret key) {
        return new Credentials("Bearer " + key.reveal(), null, "forged");
    }

    @Override
    final Credentials known() {
        return bearer(key.secret());
    }

    @Override
    final Principal who() {
        return who;
    }

    @Override
    final Credentials malformed() {
        return bearer(Secret.of("upl_wrong"));
    }

    @Override
    final Credentials nobodys() {
        return bearer(ApiKey.generate(new SecureRandom()).secret());
    }

    @Test
    void keyMayComeInTheOtherHeader() {
        var other = new Credentials(null, key.secret().reveal(), null);

        assertThat(decide(other)).isEqualTo(new Admitted(who));
    }

    private Credentials cookie(@Nullable String site, @Nullable String origin) {
        var cookies = "a=b; __Host-uplion=" + session.token().reveal();
        var browser = new Edge.Browser(cookies, site, origin, "uplion.example");
        return new Credentials(null, null, null, null, null, browser);
    }

    @Test
    void aSessionIsItsUserWithNoKey() {
        var asked =
                List.of(
                        bearer(session.token()),
                        cookie("same-origin", null),
                        cookie(null, "https://uplion.example"));
        for (var one : asked) {
            assertThat(decide(one))
                    .isInstanceOfSatisfying(
                            Admitted.class,
                            admitted -> {
                                assertThat(admitted.principal().user()).isEqualTo(who.user());
                                assertThat(admitted.principal().account()).isEqualTo(who.account());
                                assertThat(admitted.principal().roles()).isEqualTo(who.roles());
                                assertThat(admitted.principal().key()).isEmpty();
                                assertThat(admitted.principal().session())
                                        .contains(session.session().id());
                            });
        }
    }

    @Test
    void aSessionsCookieFromAnothersPageIsAsIfItWereNotThere() {
        for (var one :
                List.of(
                        cookie("cross-site", "https://uplion.example"),
                        cookie("none", null),
                        cookie(null, "https://evil.example"),
                        cookie(null, null))) {
            assertThat(refusal(one).code()).isEqualTo(ErrorCode.MISSING_API_KEY);
        }
    }

    @Test
    void missingKeyAndWrongKeyAreToldApart() {
        assertThat(refusal(new Credentials(null, null, "forged")).code())
                .isEqualTo(ErrorCode.MISSING_API_KEY);
        assertThat(refusal(malformed()).code()).isEqualTo(ErrorCode.INVALID_API_KEY);
        assertThat(refusal(nobodys()).code()).isEqualTo(ErrorCode.INVALID_API_KEY);
    }

    /// A client must not throw its key away because our database is down.
    @Test
    void keyThatCannotBeLookedUpIs503AndNever401() {
        assertThat(decide(known())).isInstanceOf(Admitted.class);
        server.close();

        for (var asked : new Credentials[] {bearer(another.secret()), nobodys()}) {
            var error = refusal(asked);
            assertThat(error.code()).isEqualTo(ErrorCode.ACCESS_UNAVAILABLE);
            assertThat(error.status()).isEqualTo(503);
        }
        assertThat(refusal(malformed()).status()).as("needs no look-up").isEqualTo(401);
    }
}
