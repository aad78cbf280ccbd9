// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.identity.Subject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// A key as it is stored, with what its user and account allow; or a browser's session, which is
/// the same with no limits of its own.
///
/// It travels as the text that the database makes of it, so a cache holds what a row says and
/// nothing else, and there is one reader for both.
///
/// @param usable the key, its user and its account are switched on, and the user belongs to the
///   account
/// @param worksUntil of one that was rolled
/// @param ranges where it may be used from; empty: everywhere
/// @param text what [#parse] reads
public record StoredKey(
        KeyHash hash,
        Principal principal,
        Versions versions,
        boolean usable,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Optional<Instant> worksUntil,
        List<IpRange> ranges,
        String text) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public StoredKey {
        ranges = List.copyOf(ranges);
    }

    /// How often each of the three rows has changed, in the numbers of one sequence.
    public record Versions(long key, long user, long account) {
        /// Of two states of one key the later has the greater rank: none of the three ever falls.
        public long rank() {
            return key + user + account;
        }
    }

    /// @throws IllegalArgumentException for a text of another version of this program
    public static StoredKey parse(String text) {
        try {
            return read(JSON.readTree(text), text);
        } catch (JsonProcessingException e) {
            // Without the text: it tells who somebody is.
            throw new IllegalArgumentException("not a stored key: " + e.getOriginalMessage());
        }
    }

    private static StoredKey read(JsonNode key, String text) {
        JsonNode versions = key.required("versions");
        return new StoredKey(
                KeyHash.of(HexFormat.of().parseHex(key.required("hash").asText())),
                principal(key),
                new Versions(
                        versions.required(0).asLong(),
                        versions.required(1).asLong(),
                        versions.required(2).asLong()),
                key.required("usable").asBoolean(),
                instant(key, "expiresAt"),
                instant(key, "revokedAt"),
                instant(key, "worksUntil"),
                texts(key, "ranges").stream().map(IpRange::parse).toList(),
                text);
    }

    private static Principal principal(JsonNode key) {
        UUID account = id(key, "account");
        UUID user = id(key, "user");
        boolean session = key.has("session");
        List<Limited> limited = new ArrayList<>();
        if (!session) {
            limit(limited, Subject.key(id(key, "countedAs")), key.required("keyLimits"));
        }
        Set<Role> roles = known(Role.values(), texts(key, "roles"));
        Set<String> ofKey = texts(key, "groups");
        // An owner is in every group; a key that names some is in these and no others.
        boolean owns = roles.contains(Role.OWNER) && !ofKey.isEmpty();
        limit(limited, Subject.user(user), key.required("userLimits"));
        limit(limited, Subject.account(account), key.required("accountLimits"));
        return new Principal(
                account,
                user,
                session ? Optional.empty() : Optional.of(id(key, "id")),
                session ? Optional.of(id(key, "session")) : Optional.empty(),
                owns ? without(roles, Role.OWNER) : roles,
                owns ? ofKey : groups(texts(key, "userGroups"), ofKey),
                texts(key, "models"),
                known(Scope.values(), texts(key, "scopes")),
                limited);
    }

    private static void limit(List<Limited> all, Subject subject, JsonNode limits) {
        Limits read =
                new Limits(
                        number(limits, "rpm"),
                        number(limits, "tpm"),
                        number(limits, "concurrent").map(Math::toIntExact),
                        number(limits, "nanos").map(nanos -> budget(nanos, limits)));
        if (!read.isEmpty()) {
            all.add(new Limited(subject, read));
        }
    }

    private static Limits.Budget budget(long nanos, JsonNode limits) {
        return new Limits.Budget(nanos, Limits.Period.valueOf(limits.required("period").asText()));
    }

    private static Set<Role> without(Set<Role> roles, Role left) {
        return roles.stream().filter(role -> role != left).collect(Collectors.toUnmodifiableSet());
    }

    /// A key can take its user's groups away, not add any.
    private static Set<String> groups(Set<String> ofUser, Set<String> ofKey) {
        return ofKey.isEmpty()
                ? ofUser
                : ofUser.stream().filter(ofKey::contains).collect(Collectors.toUnmodifiableSet());
    }

    /// A role or scope this version does not know gives no rights.
    private static <E extends Enum<E>> Set<E> known(E[] values, Set<String> names) {
        return Arrays.stream(values)
                .filter(value -> names.contains(value.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static UUID id(JsonNode key, String field) {
        return UUID.fromString(key.required(field).asText());
    }

    private static Set<String> texts(JsonNode key, String field) {
        return key.required(field)
                .valueStream()
                .map(JsonNode::asText)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<Long> number(JsonNode object, String field) {
        JsonNode value = object.required(field);
        return value.isNull() ? Optional.empty() : Optional.of(value.asLong());
    }

    private static Optional<Instant> instant(JsonNode key, String field) {
        JsonNode value = key.required(field);
        return value.isNull()
                ? Optional.empty()
                : Optional.of(OffsetDateTime.parse(value.asText()).toInstant());
    }
}
