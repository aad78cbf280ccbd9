// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.secret.Secret;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/// The cookie that carries a session. Its prefix makes browsers refuse it from anybody but this
/// host, over anything that can be read along, and for a part of the paths.
public final class SessionCookie {
    public static final String NAME = "__Host-uplion";

    private static final String REST = "; Path=/; Secure; HttpOnly; SameSite=Lax";

    private SessionCookie() {}

    static Optional<Secret> of(HttpServerRequest request) {
        return Optional.ofNullable(request.getCookie(NAME)).map(Cookie::getValue).map(Secret::of);
    }

    /// The value of `Set-Cookie` that gives it.
    public static String given(Secret token, Duration kept) {
        return NAME + "=" + token.reveal() + REST + "; Max-Age=" + kept.toSeconds();
    }

    /// The value of `Set-Cookie` that takes it back.
    public static String taken() {
        return NAME + "=" + REST + "; Max-Age=0";
    }

    /// Whether a page of this very host asks: a cookie is sent along whoever made the browser ask.
    /// Browsers say it themselves; those that do not yet say at least which page it was.
    static boolean isSameOrigin(HttpServerRequest request) {
        String site = request.getHeader("sec-fetch-site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String host = request.getHeader(HttpHeaders.HOST);
        return origin != null
                && host != null
                && (origin.equals("https://" + host) || origin.equals("http://" + host));
    }
}
