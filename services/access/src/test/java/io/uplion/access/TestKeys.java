// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.IpRange;
import io.uplion.store.key.KeyHash;
import io.uplion.store.key.SessionToken;
import io.uplion.store.key.StoredKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keys as they might be stored.
final class TestKeys {
    static final UUID ID = new UUID(1, 1);
    static final UUID USER = new UUID(2, 2);
    static final UUID ACCOUNT = new UUID(3, 3);

    private final KeyHash hash;
    private boolean session;
    private Set<Scope> scopes = Set.of(Scope.INFERENCE);
    private StoredKey.Versions versions = new StoredKey.Versions(1, 1, 1);
    private @Nullable Instant expiresAt;
    private @Nullable Instant revokedAt;
    private @Nullable Instant worksUntil;
    private List<IpRange> ranges = List.of();

    private TestKeys(KeyHash hash) {
        this.hash = hash;
    }

    static TestKeys of(ApiKey key) {
        return new TestKeys(key.sha256());
    }

    static TestKeys of(SessionToken token) {
        TestKeys keys = new TestKeys(token.sha256());
        keys.session = true;
        return keys;
    }

    TestKeys expires(@Nullable Instant at) {
        expiresAt = at;
        return this;
    }

    TestKeys revoked(@Nullable Instant at) {
        revokedAt = at;
        return this;
    }

    TestKeys rolled(Instant until) {
        worksUntil = until;
        return this;
    }

    TestKeys from(String... allowed) {
        ranges = List.of(allowed).stream().map(IpRange::parse).toList();
        return this;
    }

    TestKeys scope(Scope scope) {
        scopes = Set.of(scope);
        return this;
    }

    TestKeys versions(long ofKey, long ofUser, long ofAccount) {
        versions = new StoredKey.Versions(ofKey, ofUser, ofAccount);
        return this;
    }

    StoredKey stored() {
        var principal =
                new Principal(
                        ACCOUNT,
                        USER,
                        session ? Optional.empty() : Optional.of(ID),
                        session ? Optional.of(ID) : Optional.empty(),
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        scopes,
                        List.of());
        return new StoredKey(
                hash,
                principal,
                versions,
                true,
                Optional.ofNullable(expiresAt),
                Optional.ofNullable(revokedAt),
                Optional.ofNullable(worksUntil),
                ranges,
                "");
    }
}
