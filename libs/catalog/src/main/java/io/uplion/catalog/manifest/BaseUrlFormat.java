// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// What endpoint paths are appended to. Messages never repeat the URL: people put keys into them.
record BaseUrlFormat() implements Format<URI> {
    private static final int MAX_LENGTH = 2000;
    private static final int MAX_PORT = 65535;

    @Override
    public Optional<URI> read(Value value) {
        return value.text(expected()).flatMap(text -> parse(text, value));
    }

    private Optional<URI> parse(String text, Value value) {
        try {
            URI url = new URI(text);
            Optional<String> found =
                    text.length() > MAX_LENGTH ? Optional.of("a text too long") : flaw(url);
            found.ifPresent(flaw -> value.refuse("found " + flaw + "; expected " + expected()));
            return found.isPresent() ? Optional.empty() : Optional.of(normal(url));
        } catch (URISyntaxException _) {
            value.refuse("found text that is no URL; expected " + expected());
            return Optional.empty();
        }
    }

    private static Optional<String> flaw(URI url) {
        String scheme = scheme(url);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of(scheme.isEmpty() ? "no scheme" : "another scheme");
        }
        if (url.getRawUserInfo() != null) {
            return Optional.of("a user name or password, which never stand in the manifest");
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

    @Override
    public String expected() {
        return "a URL such as https://api.openai.com/v1, http or https, without user, query and"
                + " fragment";
    }
}
