// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.http.Versions;
import io.uplion.portal.keys.KeyMetadata;
import io.uplion.portal.keys.KeyTerms;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A key as it is shown.
final class KeyJson {
    private KeyJson() {}

    static JsonObject of(KeyMetadata key, Instant now) {
        return lasting(key)
                .put("state", key.state(now).name().toLowerCase(Locale.ROOT))
                .put("lastUsedAt", text(key.lastUsedAt()));
    }

    /// It changes with what somebody may change, and not by being used or by the clock.
    static String version(KeyMetadata key) {
        return Versions.of(lasting(key));
    }

    private static JsonObject lasting(KeyMetadata key) {
        KeyTerms terms = key.terms();
        return new JsonObject()
                .put("id", key.id().toString())
                .put("name", key.name())
                .put("account", key.account().toString())
                .put(
                        "owner",
                        new JsonObject()
                                .put("id", key.user().toString())
                                .put("email", key.ownerEmail()))
                .put("prefix", key.prefix())
                .put("last4", key.last4())
                .put("scope", terms.scope().name().toLowerCase(Locale.ROOT))
                .put("models", sorted(terms.models()))
                .put("groups", sorted(terms.groups()))
                .put("ipRanges", sorted(terms.ranges().stream().map(Object::toString).toList()))
                .put("limits", LimitsJson.of(terms.limits()))
                .put("enabled", key.enabled())
                .put("expiresAt", text(key.expiresAt()))
                .put("revokedAt", text(key.revokedAt()))
                .put("rolledTo", key.rolledTo().map(Object::toString).orElse(null))
                .put("worksUntil", text(key.worksUntil()))
                .put("createdAt", key.createdAt().toString());
    }

    private static JsonArray sorted(Collection<String> texts) {
        return new JsonArray(texts.stream().sorted().toList());
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }
}
