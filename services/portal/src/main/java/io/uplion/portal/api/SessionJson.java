// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.identity.Session;
import io.vertx.core.json.JsonObject;

/// A session as the document has it.
final class SessionJson {
    private SessionJson() {}

    static JsonObject of(Session session) {
        return new JsonObject()
                .put("id", session.id().toString())
                .put("address", session.address())
                .put("userAgent", session.userAgent())
                .put("createdAt", session.createdAt().toString())
                .put("lastSeenAt", session.lastSeenAt().toString())
                .put("expiresAt", session.expiresAt().toString());
    }
}
