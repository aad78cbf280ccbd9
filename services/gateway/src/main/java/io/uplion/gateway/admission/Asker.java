// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import io.uplion.openai.Endpoint;
import io.uplion.platform.identity.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/// A request as it is known again: who comes back when it was told to sends the same bytes with the
/// same key.
///
/// @param owner its key, or its user where there is none
/// @param request a digest of all of it, the owner included
record Asker(UUID owner, String request) {
    private static final int DIGEST_BYTES = 12;

    static Asker of(Principal principal, Endpoint endpoint, byte[] body) {
        UUID owner = principal.key().orElse(principal.user());
        MessageDigest digest = sha256();
        digest.update((owner + " " + endpoint.id() + " ").getBytes(StandardCharsets.UTF_8));
        byte[] all = digest.digest(body);
        return new Asker(owner, HexFormat.of().formatHex(all, 0, DIGEST_BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
