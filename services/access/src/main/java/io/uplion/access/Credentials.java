// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.platform.secret.Secret;
import org.jspecify.annotations.Nullable;

/// What a client showed to prove who it is.
public sealed interface Credentials {

    record None() implements Credentials {}

    /// A key as it came, or the token of a session; not yet checked in any way.
    record Key(Secret text) implements Credentials {}

    /// What the cookie of a session says. A key is none.
    record Session(Secret text) implements Credentials {}

    /// Reads `Authorization: Bearer KEY`, or `x-api-key: KEY` as Anthropic's clients send it, or
    /// else the cookie of a session. `Authorization` wins; of another scheme it counts as a
    /// malformed key, not as none, so that the client learns what is wrong.
    static Credentials of(
            @Nullable String authorization, @Nullable String apiKeyHeader, Cookies cookies) {
        if (authorization != null && !authorization.isBlank()) {
            return new Key(Secret.of(withoutScheme(authorization.strip())));
        }
        if (apiKeyHeader != null && !apiKeyHeader.isBlank()) {
            return new Key(Secret.of(apiKeyHeader.strip()));
        }
        return cookies.session().<Credentials>map(Session::new).orElseGet(None::new);
    }

    private static String withoutScheme(String authorization) {
        String scheme = "bearer ";
        boolean bearer =
                authorization.length() > scheme.length()
                        && authorization.regionMatches(true, 0, scheme, 0, scheme.length());
        return bearer ? authorization.substring(scheme.length()).strip() : authorization;
    }
}
