// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.openai.Endpoint;
import io.uplion.openai.RequestHead;
import io.uplion.platform.identity.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// A request as it came.
///
/// @param id what `x-request-id` said already
/// @param release gives the body's memory back
public record Question(
        UUID id, Principal principal, Endpoint endpoint, byte[] body, Runnable release) {
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

    /// @param keys each header that came
    /// @return nothing where the header is wrong
    static Optional<String> key(List<String> keys) {
        return keys.size() == 1 && KEY.matcher(keys.getFirst()).matches()
                ? Optional.of(keys.getFirst())
                : Optional.empty();
    }

    /// A long body takes a while.
    boolean isLong() {
        return body.length > RequestHead.LONG_BYTES;
    }

    /// @param stream whether the client waits for a stream
    record Read(Asked asked, boolean stream) {}

    Read read(String key) {
        UUID owner = principal.key().orElse(principal.user());
        String path = endpoint.path();
        String name = owner + "\nPOST\n" + path + "\n" + key;
        Asked asked =
                new Asked(
                        sha256(name.getBytes(StandardCharsets.UTF_8)),
                        sha256((path + "\n").getBytes(StandardCharsets.UTF_8), body));
        boolean stream =
                RequestHead.parse(endpoint, body) instanceof RequestHead.Parsed(RequestHead head)
                        && head.stream();
        return new Read(asked, stream);
    }

    private static String sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
