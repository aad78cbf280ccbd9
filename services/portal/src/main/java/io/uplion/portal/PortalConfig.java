// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import io.uplion.counters.redis.RedisConfig;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.store.DatabaseConfig;

/// Every setting of `portal` as a process, with its default.
///
/// @param database the primary
/// @param redis where changes are made known
public record PortalConfig(DatabaseConfig database, RedisConfig redis) {
    private static final String PREFIX = "UPLION_PORTAL_";

    /// @throws Settings.SettingsException naming every wrong setting
    public static PortalConfig read(Settings settings) {
        String url =
                settings.text(PREFIX + "DATABASE_URL", "jdbc:postgresql://127.0.0.1:5432/uplion");
        String user = settings.text(PREFIX + "DATABASE_USER", "uplion");
        Secret password = settings.requiredSecret(PREFIX + "DATABASE_PASSWORD");
        RedisConfig redis = RedisConfig.read(settings);
        settings.check();
        return new PortalConfig(DatabaseConfig.of(url, user, password), redis);
    }
}
