// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.uplion.platform.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The word of `access` on who asks, in a form that travels with a request: a JWT (RFC 7519) signed
/// with HMAC-SHA-256 and good for a minute. Whoever has the secret may sign, so only `access` and
/// the gateways have it.
public final class IdentityToken {
    /// The header it travels in. Clients cannot set it: Envoy replaces it, and without Envoy the
    /// gateway does not read it.
    public static final String HEADER = "x-uplion-identity";

    private static final Duration LIFE = Duration.ofMinutes(1);

    /// Clocks of two machines differ a little.
    private static final Duration SKEW = Duration.ofSeconds(10);

    private static final int LEAST_SECRET_BYTES = 32;
    private static final String AUDIENCE = "uplion-gateway";

    private final MACSigner signer;
    private final MACVerifier verifier;
    private final Clock clock;

    /// @param secret at least 32 bytes
    public IdentityToken(Secret secret, Clock clock) {
        byte[] key = secret.reveal().getBytes(StandardCharsets.UTF_8);
        if (key.length < LEAST_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "must have at least " + LEAST_SECRET_BYTES + " bytes");
        }
        try {
            this.signer = new MACSigner(key);
            this.verifier = new MACVerifier(key);
        } catch (JOSEException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java", e);
        }
        this.clock = clock;
    }

    public String sign(Principal principal) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .audience(AUDIENCE)
                        .subject(principal.user().toString())
                        .claim("account", principal.account().toString())
                        .claim("roles", principal.roles().stream().map(Enum::name).toList())
                        .claim("groups", List.copyOf(principal.groups()))
                        .claim("models", List.copyOf(principal.models()))
                        .claim("scopes", principal.scopes().stream().map(Enum::name).toList())
                        .expirationTime(Date.from(now.plus(LIFE)));
        principal.key().ifPresent(key -> claims.claim("key", key.toString()));
        principal.session().ifPresent(session -> claims.claim("session", session.toString()));
        if (!principal.limited().isEmpty()) {
            claims.claim("limits", LimitsClaim.of(principal));
        }
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java", e);
        }
        return token.serialize();
    }

    /// @return nothing for a token that is not ours, not for us, too old, or no token
    public Optional<Principal> verify(String token) {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            if (!parsed.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256)
                    || !parsed.verify(verifier)) {
                return Optional.empty();
            }
            JWTClaimsSet claims = parsed.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            boolean good =
                    expires != null
                            && clock.instant().minus(SKEW).isBefore(expires.toInstant())
                            && claims.getAudience().contains(AUDIENCE);
            return good ? Optional.of(principal(claims)) : Optional.empty();
        } catch (ParseException
                | JOSEException
                | ArithmeticException
                | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Principal principal(JWTClaimsSet claims) throws ParseException {
        Set<Principal.Role> roles = EnumSet.noneOf(Principal.Role.class);
        claims.getStringListClaim("roles").forEach(role -> roles.add(Principal.Role.valueOf(role)));
        Set<Principal.Scope> scopes = EnumSet.noneOf(Principal.Scope.class);
        claims.getStringListClaim("scopes")
                .forEach(scope -> scopes.add(Principal.Scope.valueOf(scope)));
        List<String> limits = claims.getStringListClaim("limits");
        return new Principal(
                UUID.fromString(claims.getStringClaim("account")),
                UUID.fromString(claims.getSubject()),
                Optional.ofNullable(claims.getStringClaim("key")).map(UUID::fromString),
                Optional.ofNullable(claims.getStringClaim("session")).map(UUID::fromString),
                roles,
                new HashSet<>(claims.getStringListClaim("groups")),
                new HashSet<>(claims.getStringListClaim("models")),
                scopes,
                limits == null ? List.of() : LimitsClaim.read(limits));
    }
}
