// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.platform.secret.Secret;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a browser sends along with its cookies. It sends them whoever made it ask, so they count
/// only where the browser says that a page of ours did: another's page must not act for whoever
/// looks at it.
///
/// @param all the header `cookie`
/// @param site the header `sec-fetch-site`, which no page can set
/// @param origin the header `origin`, for browsers that do not know the other
/// @param host to whom the request is addressed, with the port where there is one
public record Cookies(
        @Nullable String all,
        @Nullable String site,
        @Nullable String origin,
        @Nullable String host) {
    public static final Cookies NONE = new Cookies(null, null, null, null);

    /// The prefix makes browsers take it over TLS from this very host alone.
    public static final String SESSION = "__Host-uplion";

    /// What the cookie of a session says, if it counts.
    Optional<Secret> session() {
        if (all == null || !isFromOurPage()) {
            return Optional.empty();
        }
        String start = SESSION + "=";
        return Stream.of(all.split(";"))
                .map(String::strip)
                .filter(cookie -> cookie.startsWith(start))
                .map(cookie -> Secret.of(cookie.substring(start.length())))
                .findFirst();
    }

    private boolean isFromOurPage() {
        if (site != null) {
            return site.equals("same-origin");
        }
        return origin != null
                && host != null
                && !host.isEmpty()
                && (origin.equalsIgnoreCase("https://" + host)
                        || origin.equalsIgnoreCase("http://" + host));
    }

    /// Without what is in them.
    @Override
    public String toString() {
        return "Cookies[site=" + site + ", origin=" + origin + ", host=" + host + "]";
    }
}
