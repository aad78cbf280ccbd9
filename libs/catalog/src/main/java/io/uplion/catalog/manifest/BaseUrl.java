// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// What endpoint paths are appended to, wherever it is written: in a manifest, in a setting.
/// Messages never repeat the URL: people put keys into them.
public final class BaseUrl {
    static final String EXPECTED =
            "a URL such as https://api.openai.com/v1, http or https, without user, query and"
                    + " fragment";

    private static final int MAX_LENGTH = 2000;
    private static final int MAX_PORT = 65535;

    private BaseUrl() {}

    /// @return without a slash at its end
    /// @throws IllegalArgumentException with words for a person
    public static URI parse(String text) {
        try {
            URI url = new URI(text);
            Optional<String> flaw =
                    text.length() > MAX_LENGTH ? Optional.of("a text too long") : flaw(url);
            if (flaw.isPresent()) {
                throw wrong(flaw.get());
            }
            return normal(url);
        } catch (URISyntaxException _) {
            throw wrong("text that is no URL");
        }
    }

    private static IllegalArgumentException wrong(String found) {
        return new IllegalArgumentException("found " + found + "; expected " + EXPECTED);
    }

    private static Optional<String> flaw(URI url) {
        String scheme = scheme(url);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of(scheme.isEmpty() ? "no scheme" : "another scheme");
        }
        if (url.getRawUserInfo() != null) {
            return Optional.of("a user name or password, which never stand in a base URL");
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > MAX_PORT) {
            return Optional.of("no valid host and port");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            return Optional.of("a query or a fragment");
        }
        return Optional.empty();
    }

    private static String scheme(URI url) {
        return Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    }

    private static URI normal(URI url) {
        String path = url.getRawPath().replaceFirst("/+$", "");
        return URI.create(scheme(url) + "://" + url.getRawAuthority() + path);
    }
}
