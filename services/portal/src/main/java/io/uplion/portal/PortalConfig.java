// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import io.uplion.counters.redis.RedisConfig;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.portal.http.Clients;
import io.uplion.store.DatabaseConfig;
import io.uplion.store.key.IpRange;
import java.util.List;
import java.util.stream.Stream;

/// Every setting of `portal` as a process, with its default.
///
/// @param host where `/api` is served
/// @param port 0: any
/// @param clients how a client's address is found
/// @param database the primary
/// @param redis where changes are made known
public record PortalConfig(
        String host, int port, Clients clients, DatabaseConfig database, RedisConfig redis) {
    private static final String PREFIX = "UPLION_PORTAL_";
    private static final String PROXIES = PREFIX + "TRUSTED_PROXIES";

    /// @throws Settings.SettingsException naming every wrong setting
    public static PortalConfig read(Settings settings) {
        String host = settings.text(PREFIX + "HOST", "127.0.0.1");
        int port = settings.integer(PREFIX + "PORT", 8081, 0, 65535);
        Clients clients = new Clients(proxies(settings));
        String url =
                settings.text(PREFIX + "DATABASE_URL", "jdbc:postgresql://127.0.0.1:5432/uplion");
        String user = settings.text(PREFIX + "DATABASE_USER", "uplion");
        Secret password = settings.requiredSecret(PREFIX + "DATABASE_PASSWORD");
        RedisConfig redis = RedisConfig.read(settings);
        settings.check();
        return new PortalConfig(host, port, clients, DatabaseConfig.of(url, user, password), redis);
    }

    private static List<IpRange> proxies(Settings settings) {
        try {
            return Stream.of(settings.text(PROXIES, "").split(","))
                    .map(String::strip)
                    .filter(range -> !range.isEmpty())
                    .map(IpRange::parse)
                    .toList();
        } catch (IllegalArgumentException e) {
            settings.refuse(PROXIES, String.valueOf(e.getMessage()));
            return List.of();
        }
    }
}
