// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.uplion.counters.redis.RedisConfig;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.store.DatabaseConfig;
import io.uplion.task.ClaimSeal;

/// Every setting of billing as a process, with its default.
///
/// @param database the primary
/// @param redis where money is held
/// @param pulsarUrl where usage waits
/// @param claimSecret what gateways sign with what a task is billed by
public record BillingServerConfig(
        BillingConfig billing,
        DatabaseConfig database,
        RedisConfig redis,
        String pulsarUrl,
        Secret claimSecret) {

    /// @throws Settings.SettingsException naming every wrong setting
    public static BillingServerConfig read(Settings settings) {
        BillingConfig billing = BillingConfig.read(settings);
        String prefix = BillingConfig.PREFIX + "DATABASE_";
        String url = settings.text(prefix + "URL", "jdbc:postgresql://127.0.0.1:5432/uplion");
        String user = settings.text(prefix + "USER", "uplion");
        Secret password = settings.requiredSecret(prefix + "PASSWORD");
        RedisConfig redis = RedisConfig.read(settings);
        String pulsar = settings.text("UPLION_PULSAR_URL", "pulsar://127.0.0.1:6650");
        Secret claims = ClaimSeal.secret(settings, BillingConfig.PREFIX + "CLAIM_SECRET");
        settings.check();
        return new BillingServerConfig(
                billing, DatabaseConfig.of(url, user, password), redis, pulsar, claims);
    }
}
