// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Answer.Found;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.counters.SharedState;
import io.uplion.counters.floors.Floors;
import io.uplion.counters.floors.KnownFloors;
import io.uplion.platform.management.Readiness;
import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.KeyHash;
import io.uplion.store.key.KeyRefusal;
import io.uplion.store.key.SessionToken;
import io.uplion.store.key.StoredKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Decides who asks. What is said of keys holds for sessions of browsers, which are stored and
/// looked up in the same way.
///
/// A request with a key seen in the last seconds costs one SHA-256 and a few map look-ups, on the
/// caller's thread. Only keys that work are remembered: a new key must work at once. Made-up keys
/// mostly fail by their checksum before anything is asked; those that do not are looked up
/// together, behind those that worked before.
public final class Access implements AutoCloseable {

    private final AllowedKeys allowed;
    private final Lookups lookups;
    private final Belief belief;
    private final KeySource source;
    private final Optional<KeyUses> uses;
    private final Clock clock;

    /// What it asks.
    ///
    /// @param database whether the database can be asked, as of the last look
    /// @param uses is told when keys are used
    record Ports(
            KeyReads reads,
            KnownFloors floors,
            KeyCache cache,
            Readiness database,
            Optional<KeyUses> uses) {}

    private Access(AccessConfig config, Ports ports, Clock clock) {
        this.allowed = new AllowedKeys(config.cacheLife(), config.cacheEntries());
        this.belief = new Belief(ports.floors());
        this.source = new KeySource(ports, belief, clock);
        this.lookups = new Lookups(config, this::ask);
        this.uses = ports.uses();
        this.clock = clock;
    }

    /// What one process with its own database has to do with.
    ///
    /// @param reads the database that is written to; should be opened with
    ///   `DatabaseConfig.readOnly()`, and closing it is the caller's
    /// @param shared takes when keys were used
    public record Alone(Database reads, KnownFloors known, SharedState shared) {}

    public static Access start(AccessConfig config, Alone alone, Clock clock) {
        return start(
                config,
                new Ports(
                        new SqlKeyReads(alone.reads().jdbi()),
                        alone.known(),
                        KeyCache.NONE,
                        () -> true,
                        Optional.of(KeyUses.start(alone.shared()))),
                clock);
    }

    /// What one of many nodes, which share what they know, has to do with.
    ///
    /// @param reads a replica will do
    /// @param floors holds the cache that nodes share
    /// @param known what this process has read of them
    /// @param shared takes when keys were used
    /// @param database whether it can be asked, as of the last look
    public record Nodes(
            Database reads,
            Floors floors,
            KnownFloors known,
            SharedState shared,
            Readiness database) {}

    public static Access start(AccessConfig config, Nodes nodes, Clock clock) {
        return start(
                config,
                new Ports(
                        new SqlKeyReads(nodes.reads().jdbi()),
                        nodes.known(),
                        new SharedKeyCache(nodes.floors()),
                        nodes.database(),
                        Optional.of(KeyUses.start(nodes.shared()))),
                clock);
    }

    static Access start(AccessConfig config, Ports ports, Clock clock) {
        return new Access(config, ports, clock);
    }

    /// Never fails: what goes wrong is a [Decision]. Already completed if the key is remembered or
    /// refused by its form; else it completes on another thread.
    public CompletionStage<Decision> decide(Question question) {
        return switch (question.credentials()) {
            case Credentials.None() -> denied(Reason.MISSING_KEY);
            case Credentials.Session(var text) -> session(text, question);
            case Credentials.Key(var text) when SessionToken.isMeantBy(text.reveal()) ->
                    session(text, question);
            case Credentials.Key(var text) ->
                    ApiKey.parse(text.reveal())
                            .map(key -> decide(key.sha256(), question))
                            .orElseGet(() -> denied(Reason.MALFORMED_KEY));
        };
    }

    /// As a key, but that whoever is refused is told to sign in.
    private CompletionStage<Decision> session(Secret text, Question question) {
        return SessionToken.parse(text.reveal())
                .map(token -> decide(token.sha256(), question).thenApply(Access::ofSession))
                .orElseGet(() -> denied(Reason.NO_SESSION));
    }

    private static Decision ofSession(Decision decision) {
        return decision instanceof Denied ? new Denied(Reason.NO_SESSION) : decision;
    }

    @Override
    public void close() {
        lookups.close();
        uses.ifPresent(KeyUses::close);
    }

    private CompletionStage<Decision> decide(KeyHash hash, Question question) {
        Instant now = clock.instant();
        Optional<Found> remembered =
                allowed.find(hash, now)
                        .filter(found -> belief.believes(found.key(), found.asOf(), now));
        return remembered
                .<CompletionStage<Decision>>map(
                        found ->
                                CompletableFuture.completedStage(
                                        decide(found.key(), question, now)))
                .orElseGet(
                        () ->
                                lookups.find(hash, allowed.knows(hash))
                                        .thenApply(answer -> decide(answer, question)));
    }

    private Decision decide(Answer answer, Question question) {
        return switch (answer) {
            case Found found -> decide(found.key(), question, clock.instant());
            case Answer.Unknown() -> new Denied(Reason.UNKNOWN_KEY);
            case Answer.Unavailable() -> new Decision.Unavailable();
        };
    }

    private Decision decide(StoredKey key, Question question, Instant now) {
        Decision decision = KeyRules.decide(key, question, now);
        if (decision instanceof Decision.Allowed(var principal)) {
            uses.ifPresent(told -> principal.key().ifPresent(id -> told.used(id, now)));
        }
        return decision;
    }

    /// Runs on a look-up's thread.
    private Map<KeyHash, Answer> ask(Set<KeyHash> hashes) {
        // Before the read: a revocation that happens during it must not be outlived by more than
        // the cache's life.
        Instant asked = clock.instant();
        Map<KeyHash, Answer> answers = source.find(hashes);
        answers.forEach((hash, answer) -> remember(hash, answer, asked));
        return answers;
    }

    private void remember(KeyHash hash, Answer answer, Instant asked) {
        if (answer instanceof Found found && KeyRefusal.ended(found.key(), asked).isEmpty()) {
            allowed.remember(hash, found, asked);
        } else if (!(answer instanceof Answer.Unavailable)) {
            allowed.forget(hash);
        }
    }

    private static CompletionStage<Decision> denied(Reason reason) {
        return CompletableFuture.completedStage(new Denied(reason));
    }
}
