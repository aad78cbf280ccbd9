// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.limits.LimitsChange;
import io.uplion.portal.limits.Problem;
import io.uplion.store.Database;
import io.uplion.store.key.ApiKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/// Makes, lists, changes, rolls and revokes API keys. Calls block; each is one transaction.
public final class Keys {

    /// Usable keys one user may have.
    public static final int MAX_PER_USER = 100;

    /// The longest list: the newest are in it.
    public static final int MAX_LISTED = 1000;

    private final Jdbi jdbi;
    private final Clock clock;
    private final AfterChange afterChange;
    private final SecureRandom random = new SecureRandom();

    public Keys(Database database, Clock clock) {
        this(database, clock, AfterChange.NOTHING);
    }

    public Keys(Database database, Clock clock, AfterChange afterChange) {
        this.jdbi = database.jdbi();
        this.clock = clock;
        this.afterChange = afterChange;
    }

    public KeyCreation create(NewKey asked) {
        Instant now = clock.instant();
        Optional<Problem> problem = KeyRules.problem(asked, now);
        if (problem.isPresent()) {
            return new KeyCreation.Invalid(problem.get());
        }
        return changing(handle -> create(handle, asked, now));
    }

    /// Newest first, revoked ones too.
    public List<KeyMetadata> list() {
        return jdbi.withHandle(handle -> KeySql.list(handle, MAX_LISTED));
    }

    /// One user's, newest first, revoked ones too.
    public List<KeyMetadata> listOf(String ownerEmail) {
        return isStorable(ownerEmail)
                ? jdbi.withHandle(handle -> KeySql.listOf(handle, ownerEmail.strip(), MAX_LISTED))
                : List.of();
    }

    /// For good: a revoked key cannot be brought back.
    public Revocation revoke(UUID id) {
        Instant now = clock.instant();
        return changing(
                handle -> {
                    boolean changed = KeySql.revoke(handle, id, now);
                    return KeySql.find(handle, id)
                            .map(key -> revocation(key, changed))
                            .orElseGet(Revocation.NoSuchKey::new);
                });
    }

    public KeyChange limit(UUID id, LimitsChange wanted) {
        return change(
                id,
                (handle, key) -> {
                    KeyTerms terms = key.terms().withLimits(wanted.applied(key.terms().limits()));
                    Optional<Problem> problem = KeyRules.limits(terms);
                    if (problem.isPresent()) {
                        return new KeyChange.Invalid(problem.get());
                    }
                    KeySql.setLimits(handle, id, terms.limits());
                    return changed(handle, id);
                });
    }

    /// Switches a key on or off; running tasks of one that is off are stopped.
    public KeyChange setEnabled(UUID id, boolean enabled) {
        return change(
                id,
                (handle, _) -> {
                    KeySql.setEnabled(handle, id, enabled);
                    return changed(handle, id);
                });
    }

    /// A new secret on the same terms.
    ///
    /// @param overlap the old one works for so long, if nothing else ends it
    public Rolling roll(UUID id, Duration overlap) {
        Optional<Problem> problem = KeyRules.overlap(overlap);
        if (problem.isPresent()) {
            return new Rolling.Invalid(problem.get());
        }
        Instant now = clock.instant();
        return changing(
                handle ->
                        KeySql.lock(handle, id)
                                .map(old -> roll(handle, old, now, now.plus(overlap)))
                                .orElseGet(Rolling.NoSuchKey::new));
    }

    private Rolling roll(Handle handle, KeyMetadata old, Instant now, Instant until) {
        KeyMetadata.State state = old.state(now);
        if (old.rolledTo().isPresent()) {
            return new Rolling.NotUsable(KeyMetadata.State.ROLLED);
        }
        if (state == KeyMetadata.State.REVOKED || state == KeyMetadata.State.EXPIRED) {
            return new Rolling.NotUsable(state);
        }
        int usable = KeySql.countUsable(handle, old.user(), now);
        if (usable >= 2 * MAX_PER_USER) {
            return new Rolling.TooManyKeys(2 * MAX_PER_USER);
        }
        ApiKey key = ApiKey.generate(random);
        KeyMetadata successor = NewKeys.successor(key, old, now);
        KeySql.insert(handle, successor, key.sha256());
        KeySql.setRolled(handle, old.id(), successor.id(), until);
        return new Rolling.Rolled(
                key.secret(), successor, KeySql.find(handle, old.id()).orElseThrow());
    }

    private KeyCreation create(Handle handle, NewKey asked, Instant now) {
        Optional<KeySql.Owner> owner =
                isStorable(asked.ownerEmail())
                        ? KeySql.lockOwner(handle, asked.ownerEmail().strip())
                        : Optional.empty();
        if (owner.isEmpty()) {
            return new KeyCreation.NoSuchUser();
        }
        UUID account = asked.account().orElse(owner.get().account());
        if (!KeySql.isMember(handle, account, owner.get().user())) {
            return new KeyCreation.NotInAccount();
        }
        if (KeySql.countUsable(handle, owner.get().user(), now) >= MAX_PER_USER) {
            return new KeyCreation.TooManyKeys(MAX_PER_USER);
        }
        ApiKey key = ApiKey.generate(random);
        KeyMetadata metadata = NewKeys.metadata(key, asked, owner.get().paidBy(account), now);
        KeySql.insert(handle, metadata, key.sha256());
        return new KeyCreation.Created(key.secret(), metadata);
    }

    private interface Changing {
        KeyChange change(Handle handle, KeyMetadata key);
    }

    private KeyChange change(UUID id, Changing changing) {
        Function<Handle, KeyChange> change =
                handle ->
                        KeySql.lock(handle, id)
                                .map(
                                        key ->
                                                key.revokedAt().isPresent()
                                                        ? new KeyChange.Revoked()
                                                        : changing.change(handle, key))
                                .orElseGet(KeyChange.NoSuchKey::new);
        return changing(change::apply);
    }

    private static KeyChange changed(Handle handle, UUID id) {
        return new KeyChange.Changed(KeySql.find(handle, id).orElseThrow());
    }

    private <T> T changing(HandleCallback<T, RuntimeException> work) {
        T outcome = jdbi.inTransaction(work);
        afterChange.committed();
        return outcome;
    }

    private static Revocation revocation(KeyMetadata key, boolean changed) {
        return changed ? new Revocation.Revoked(key) : new Revocation.AlreadyRevoked(key);
    }

    /// PostgreSQL has no NUL in texts and would fail instead of finding nobody.
    private static boolean isStorable(String text) {
        return text.indexOf('\0') < 0;
    }
}
