// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Versions of what is shown: who saw something else than what is there now must not change it.
public final class Versions {
    private static final int BYTES = 12;

    private Versions() {}

    /// Quoted, as it stands in `ETag` and `If-Match`.
    public static String of(JsonObject shown) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(shown.toBuffer().getBytes());
            byte[] enough = java.util.Arrays.copyOf(hash, BYTES);
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(enough) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }
}
