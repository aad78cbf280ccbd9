// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.http.Versions;
import io.uplion.portal.identity.ManagedUser;
import io.uplion.portal.identity.User;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/// A user as he is shown.
final class UserJson {
    private UserJson() {}

    static JsonObject of(User user) {
        return new JsonObject()
                .put("id", user.id().toString())
                .put("account", user.account().toString())
                .put("email", user.email())
                .put("name", user.name())
                .put(
                        "roles",
                        new JsonArray(user.roles().stream().sorted().map(UserJson::lower).toList()))
                .put("groups", new JsonArray(user.groups().stream().sorted().toList()))
                .put("disabled", user.disabled())
                .put("createdAt", user.createdAt().toString());
    }

    static JsonObject of(ManagedUser managed) {
        return lasting(managed)
                .put("hasPassword", managed.hasPassword())
                .put("lastSeenAt", managed.lastSeenAt().map(Object::toString).orElse(null));
    }

    /// It changes with what somebody may change, and not by being used.
    static String version(ManagedUser managed) {
        return Versions.of(lasting(managed));
    }

    private static JsonObject lasting(ManagedUser managed) {
        return of(managed.user()).put("limits", LimitsJson.of(managed.limits()));
    }

    private static String lower(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
