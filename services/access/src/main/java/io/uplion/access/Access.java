// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.store.Database;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.KeyHash;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Decides who asks.
///
/// A request with a key seen in the last seconds costs one SHA-256 and one map look-up, on the
/// caller's thread. Only what was allowed is remembered: a new key must work at once. Made-up keys
/// mostly fail by their checksum before anything is asked; those that do not are looked up
/// together, behind those that were allowed before.
public final class Access implements AutoCloseable {

    private final AllowedKeys allowed;
    private final Lookups lookups;
    private final Clock clock;

    private Access(AccessConfig config, KeyReads reads, Clock clock) {
        this.allowed = new AllowedKeys(config.cacheLife(), config.cacheEntries());
        this.lookups = new Lookups(config, hashes -> ask(hashes, reads));
        this.clock = clock;
    }

    /// @param reads should be opened with `DatabaseConfig.readOnly()`; closing it is the caller's
    public static Access start(AccessConfig config, Database reads, Clock clock) {
        return start(config, new SqlKeyReads(reads.jdbi()), clock);
    }

    static Access start(AccessConfig config, KeyReads reads, Clock clock) {
        return new Access(config, reads, clock);
    }

    /// Never fails: what goes wrong is a [Decision]. Already completed if the key is remembered or
    /// refused by its form; else it completes on another thread.
    public CompletionStage<Decision> decide(Credentials credentials) {
        return switch (credentials) {
            case Credentials.None() -> denied(Reason.MISSING_KEY);
            case Credentials.Key(var text) ->
                    ApiKey.parse(text.reveal())
                            .map(key -> decide(key.sha256()))
                            .orElseGet(() -> denied(Reason.MALFORMED_KEY));
        };
    }

    @Override
    public void close() {
        lookups.close();
    }

    private CompletionStage<Decision> decide(KeyHash hash) {
        Optional<Decision> remembered = allowed.find(hash, clock.instant());
        return remembered
                .<CompletionStage<Decision>>map(CompletableFuture::completedStage)
                .orElseGet(() -> lookups.find(hash, allowed.knows(hash)));
    }

    /// Runs on a look-up's thread.
    private Map<KeyHash, Decision> ask(Set<KeyHash> hashes, KeyReads reads) {
        // Before the read: a revocation that happens during it must not be outlived by more than
        // the cache's life.
        Instant asked = clock.instant();
        Map<KeyHash, KeyRecord> found = reads.find(hashes);
        Map<KeyHash, Decision> decisions = new HashMap<>();
        for (KeyHash hash : hashes) {
            decisions.put(hash, decide(hash, found.get(hash), asked));
        }
        return decisions;
    }

    private Decision decide(KeyHash hash, @Nullable KeyRecord key, Instant asked) {
        Decision decision = key == null ? new Denied(Reason.UNKNOWN_KEY) : key.decide(asked);
        if (key != null && decision instanceof Decision.Allowed) {
            allowed.remember(hash, decision, asked, key.expiresAt());
        } else {
            allowed.forget(hash);
        }
        return decision;
    }

    private static CompletionStage<Decision> denied(Reason reason) {
        return CompletableFuture.completedStage(new Denied(reason));
    }
}
