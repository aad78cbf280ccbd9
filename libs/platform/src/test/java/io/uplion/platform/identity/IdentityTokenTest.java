// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.uplion.platform.secret.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTokenTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Principal MEMBER =
            new Principal(
                    new UUID(1, 1),
                    new UUID(2, 2),
                    Optional.of(new UUID(3, 3)),
                    Set.of(Principal.Role.MEMBER, Principal.Role.ADMIN),
                    Set.of("staff, \"and\" others"),
                    Set.of("gpt-4o-mini"));

    private static IdentityToken tokens(String secret, Instant now) {
        return new IdentityToken(Secret.of(secret), Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void principalComesOutAsItWentIn() {
        var tokens = tokens(SECRET, NOW);

        assertThat(tokens.verify(tokens.sign(MEMBER))).contains(MEMBER);
        var session =
                new Principal(
                        MEMBER.account(),
                        MEMBER.user(),
                        Optional.empty(),
                        Optional.of(new UUID(4, 4)),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(Principal.Scope.MANAGEMENT),
                        List.of());
        assertThat(tokens.verify(tokens.sign(session))).contains(session);
    }

    @Test
    void scopesAndLimitsOfAllThreeTravelAlong() {
        var limits =
                new Limits(
                        Optional.of(60L),
                        Optional.empty(),
                        Optional.of(4),
                        Optional.of(new Limits.Budget(12_500_000_000L, Limits.Period.MONTH)));
        var tokens = Limits.NONE;
        var limited =
                new Principal(
                        MEMBER.account(),
                        MEMBER.user(),
                        MEMBER.key(),
                        Optional.empty(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        Set.of(Principal.Scope.MANAGEMENT),
                        List.of(
                                new Limited(Subject.key(new UUID(9, 9)), limits),
                                new Limited(Subject.account(MEMBER.account()), tokens)));

        assertThat(tokens(SECRET, NOW).verify(tokens(SECRET, NOW).sign(limited))).contains(limited);
    }

    /// What cannot be read must not become no limit at all.
    @Test
    void limitsThatCannotBeReadAreNoToken() throws Exception {
        for (var wrong :
                List.of("", "KEY|x", "KEY|x|1|||||", "KEY|" + new UUID(9, 9) + "|a|||5|")) {
            var claims =
                    new JWTClaimsSet.Builder(claimsOf(MEMBER))
                            .claim("limits", List.of(wrong))
                            .build();
            var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            token.sign(new MACSigner(SECRET));

            assertThat(tokens(SECRET, NOW).verify(token.serialize())).as(wrong).isEmpty();
        }
    }

    private static JWTClaimsSet claimsOf(Principal principal) throws Exception {
        return SignedJWT.parse(tokens(SECRET, NOW).sign(principal)).getJWTClaimsSet();
    }

    @Test
    void tokenIsGoodForAMinute() {
        var token = tokens(SECRET, NOW).sign(MEMBER);

        assertThat(tokens(SECRET, NOW.plusSeconds(60)).verify(token)).contains(MEMBER);
        assertThat(tokens(SECRET, NOW.plus(Duration.ofSeconds(71))).verify(token)).isEmpty();
    }

    @Test
    void tokenOfAnotherSecretIsNotOurs() {
        var other = tokens("another-secret-0123456789abcdef01", NOW).sign(MEMBER);

        assertThat(tokens(SECRET, NOW).verify(other)).isEmpty();
    }

    @Test
    void changedTokenIsRefused() {
        var token = tokens(SECRET, NOW).sign(MEMBER);
        var parts = token.split("\\.");
        var claims = new String(java.util.Base64.getUrlDecoder().decode(parts[1]));
        var changed = claims.replace("MEMBER", "OWNER");
        assertThat(changed).isNotEqualTo(claims);
        var forged =
                parts[0]
                        + "."
                        + java.util.Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(changed.getBytes())
                        + "."
                        + parts[2];

        assertThat(tokens(SECRET, NOW).verify(forged)).isEmpty();
    }

    @Test
    void tokenWithoutASignatureIsRefused() {
        var plain = new PlainJWT(new JWTClaimsSet.Builder().audience("uplion-gateway").build());

        assertThat(tokens(SECRET, NOW).verify(plain.serialize())).isEmpty();
    }

    @Test
    void tokenForSomebodyElseIsRefused() throws Exception {
        var claims =
                new JWTClaimsSet.Builder()
                        .audience("another-service")
                        .expirationTime(java.util.Date.from(NOW.plusSeconds(30)))
                        .build();
        var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        token.sign(new MACSigner(SECRET));

        assertThat(tokens(SECRET, NOW).verify(token.serialize())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "....", "Bearer upl_x"})
    void nonsenseIsNoToken(String text) {
        assertThat(tokens(SECRET, NOW).verify(text)).isEmpty();
    }

    @Test
    void shortSecretIsRefusedInWords() {
        assertThatThrownBy(() -> tokens("short", NOW)).hasMessageContaining("32 bytes");
    }
}
