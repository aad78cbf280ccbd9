// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.store.Database;
import io.uplion.store.key.ApiKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Makes, lists and revokes API keys. Calls block; each is one transaction.
public final class Keys {

    /// Usable keys one user may have.
    public static final int MAX_PER_USER = 100;

    /// The longest list: the newest are in it.
    public static final int MAX_LISTED = 1000;

    private static final int MAX_NAME = 100;
    private static final int MAX_MODELS = 100;
    private static final int MAX_MODEL_NAME = 253;

    private final Jdbi jdbi;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public Keys(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /// The key is charged to its owner's personal account.
    public KeyCreation create(NewKey asked) {
        Instant now = clock.instant();
        Optional<String> problem = problem(asked, now);
        if (problem.isPresent()) {
            return new KeyCreation.Invalid(problem.get());
        }
        return jdbi.inTransaction(handle -> create(handle, asked, now));
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
        return jdbi.inTransaction(
                handle -> {
                    boolean changed = KeySql.revoke(handle, id, now);
                    return KeySql.find(handle, id)
                            .map(key -> revocation(key, changed))
                            .orElseGet(Revocation.NoSuchKey::new);
                });
    }

    private KeyCreation create(Handle handle, NewKey asked, Instant now) {
        Optional<KeySql.Owner> owner =
                isStorable(asked.ownerEmail())
                        ? KeySql.lockOwner(handle, asked.ownerEmail().strip())
                        : Optional.empty();
        if (owner.isEmpty()) {
            return new KeyCreation.NoSuchUser();
        }
        if (KeySql.countUsable(handle, owner.get(), now) >= MAX_PER_USER) {
            return new KeyCreation.TooManyKeys(MAX_PER_USER);
        }
        ApiKey key = ApiKey.generate(random);
        KeyMetadata metadata = metadata(key, asked, owner.get(), now);
        KeySql.insert(handle, metadata, key.sha256());
        return new KeyCreation.Created(key.secret(), metadata);
    }

    private static KeyMetadata metadata(ApiKey key, NewKey asked, KeySql.Owner owner, Instant now) {
        return new KeyMetadata(
                UUID.randomUUID(),
                owner.account(),
                owner.user(),
                owner.email(),
                asked.name().strip(),
                key.prefix(),
                key.last4(),
                asked.models(),
                true,
                asked.expiresAt(),
                Optional.empty(),
                now,
                Optional.empty());
    }

    private static Revocation revocation(KeyMetadata key, boolean changed) {
        return changed ? new Revocation.Revoked(key) : new Revocation.AlreadyRevoked(key);
    }

    private static Optional<String> problem(NewKey asked, Instant now) {
        String name = asked.name().strip();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return Optional.of("the name must have 1 to " + MAX_NAME + " characters");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("the name must not contain control characters");
        }
        if (asked.models().size() > MAX_MODELS) {
            return Optional.of("a key may be limited to at most " + MAX_MODELS + " models");
        }
        if (asked.models().stream().anyMatch(Keys::isNoModelName)) {
            return Optional.of(
                    "a model's name must have 1 to "
                            + MAX_MODEL_NAME
                            + " characters, none of them a control character");
        }
        if (asked.expiresAt().filter(expiry -> !expiry.isAfter(now)).isPresent()) {
            return Optional.of("the expiry must be in the future");
        }
        return Optional.empty();
    }

    /// PostgreSQL has no NUL in texts and would fail instead of finding nobody.
    private static boolean isStorable(String text) {
        return text.indexOf('\0') < 0;
    }

    private static boolean isNoModelName(String model) {
        return model.isBlank()
                || model.length() > MAX_MODEL_NAME
                || model.chars().anyMatch(Character::isISOControl);
    }
}
