// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.portal.audit.Actor;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.limits.LimitsChange;
import io.uplion.portal.limits.Problem;
import io.uplion.portal.paging.Page;
import io.uplion.portal.paging.Position;
import io.uplion.store.Database;
import io.uplion.store.key.ApiKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
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
        Instant now = now();
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

    public Optional<KeyMetadata> find(UUID id) {
        return jdbi.withHandle(handle -> KeySql.find(handle, id));
    }

    /// Newest first, revoked ones too.
    ///
    /// @param owner whose; nobody: everybody's
    public Page<KeyMetadata> page(Optional<UUID> owner, Position after, int limit) {
        List<KeyMetadata> found =
                jdbi.withHandle(handle -> KeySql.page(handle, owner, after, limit + 1));
        return Page.of(found, limit, key -> new Position(key.createdAt(), key.id()));
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
        return edit(id, _ -> true, KeyEdit.limits(wanted));
    }

    /// Switches a key on or off; running tasks of one that is off are stopped.
    public KeyChange setEnabled(UUID id, boolean enabled) {
        return edit(id, _ -> true, KeyEdit.enabled(enabled));
    }

    /// @param seen whether it is still as whoever changes it has seen it
    public KeyChange edit(UUID id, Predicate<KeyMetadata> seen, KeyEdit edit) {
        Instant now = clock.instant();
        return changing(
                handle ->
                        KeySql.lock(handle, id)
                                .map(key -> edit(handle, key, seen, edit.applied(key), now))
                                .orElseGet(KeyChange.NoSuchKey::new));
    }

    private static KeyChange edit(
            Handle handle,
            KeyMetadata before,
            Predicate<KeyMetadata> seen,
            KeyMetadata after,
            Instant now) {
        if (before.revokedAt().isPresent()) {
            return new KeyChange.Revoked();
        }
        if (!seen.test(before)) {
            return new KeyChange.Stale();
        }
        Optional<Problem> problem = KeyRules.problem(before, after, now);
        if (problem.isPresent()) {
            return new KeyChange.Invalid(problem.get());
        }
        KeySql.update(handle, after);
        return new KeyChange.Changed(KeySql.find(handle, after.id()).orElseThrow());
    }

    /// A new secret on the same terms.
    ///
    /// @param overlap the old one works for so long, if nothing else ends it
    public Rolling roll(UUID id, Duration overlap) {
        Optional<Problem> problem = KeyRules.overlap(overlap);
        if (problem.isPresent()) {
            return new Rolling.Invalid(problem.get());
        }
        Instant now = now();
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

    private <T> T changing(HandleCallback<T, RuntimeException> work) {
        T outcome = Actor.transaction(jdbi, work);
        afterChange.committed();
        return outcome;
    }

    /// As exactly as it is stored, so that what was made is shown as what is found.
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static Revocation revocation(KeyMetadata key, boolean changed) {
        return changed ? new Revocation.Revoked(key) : new Revocation.AlreadyRevoked(key);
    }

    /// PostgreSQL has no NUL in texts and would fail instead of finding nobody.
    private static boolean isStorable(String text) {
        return text.indexOf('\0') < 0;
    }
}
