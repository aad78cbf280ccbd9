// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/// Where Redis is.
///
/// @param tls whether the connection is encrypted
/// @param user of Redis' access list; nothing for its default user
/// @param password what the URL never holds, because URLs are logged
public record RedisConfig(
        String host,
        int port,
        boolean tls,
        int database,
        Optional<String> user,
        Optional<Secret> password) {
    private static final int PORT = 6379;
    private static final String URL = "UPLION_REDIS_URL";
    private static final String LOCAL = "redis://127.0.0.1:6379";
    private static final String EXPECTED =
            "must be redis://[USER@]HOST[:PORT][/DATABASE], or rediss://… for TLS";

    public static RedisConfig read(Settings settings) {
        Optional<Secret> password = settings.secret("UPLION_REDIS_PASSWORD");
        try {
            return of(settings.text(URL, LOCAL), password);
        } catch (IllegalArgumentException e) {
            settings.refuse(URL, String.valueOf(e.getMessage()));
            return of(LOCAL, password);
        }
    }

    /// @throws IllegalArgumentException with words for a person, without the URL: there may be a
    ///   password in it
    public static RedisConfig of(String url, Optional<Secret> password) {
        URI uri = parsed(url);
        boolean tls = "rediss".equals(uri.getScheme());
        String host = uri.getHost();
        boolean known = tls || "redis".equals(uri.getScheme());
        if (!known || host == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        Optional<String> user = Optional.ofNullable(uri.getUserInfo());
        if (user.filter(text -> text.contains(":")).isPresent()) {
            throw new IllegalArgumentException(
                    "must not hold a password; UPLION_REDIS_PASSWORD does");
        }
        if (user.isPresent() && password.isEmpty()) {
            throw new IllegalArgumentException(
                    "names a user; UPLION_REDIS_PASSWORD must hold the password");
        }
        int port = uri.getPort() < 0 ? PORT : uri.getPort();
        return new RedisConfig(host, port, tls, database(uri.getRawPath()), user, password);
    }

    private static URI parsed(String url) {
        try {
            return new URI(url.strip());
        } catch (URISyntaxException _) {
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    private static int database(String path) {
        String number = path.replaceFirst("^/", "");
        if (!number.matches("\\d{0,4}")) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return number.isEmpty() ? 0 : Integer.parseInt(number);
    }
}
