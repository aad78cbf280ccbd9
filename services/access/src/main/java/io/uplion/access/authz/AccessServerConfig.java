// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access.authz;

import io.uplion.access.AccessConfig;
import io.uplion.access.ClientAddress;
import io.uplion.counters.redis.RedisConfig;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.store.DatabaseConfig;
import java.time.Duration;

/// Every setting of `access` as a process, with its default.
///
/// @param port where Envoy and gateways ask; 0 for any
/// @param database a replica will do
/// @param clients how a client's address is found
/// @param redis the floors, the cache that nodes share, and the counters of limits
/// @param nodes how many there are: while Redis is away each lets in its share
/// @param identitySecret signs who asks; the gateways have the same
/// @param drain a stopping process waits so long for running questions
/// @param maxMessageBytes of one question: headers, and no body
public record AccessServerConfig(
        String host,
        int port,
        DatabaseConfig database,
        AccessConfig access,
        ClientAddress clients,
        RedisConfig redis,
        int nodes,
        Secret identitySecret,
        Duration drain,
        int maxMessageBytes) {
    private static final String PREFIX = "UPLION_ACCESS_";

    /// @throws Settings.SettingsException naming every wrong setting
    public static AccessServerConfig read(Settings settings) {
        String host = settings.text(PREFIX + "HOST", "127.0.0.1");
        int port = settings.integer(PREFIX + "PORT", 9191, 0, 65535);
        String url =
                settings.text(PREFIX + "DATABASE_URL", "jdbc:postgresql://127.0.0.1:5432/uplion");
        String user = settings.text(PREFIX + "DATABASE_USER", "uplion");
        Secret password = settings.requiredSecret(PREFIX + "DATABASE_PASSWORD");
        Secret identity = settings.requiredSecret("UPLION_IDENTITY_SECRET");
        ClientAddress clients = ClientAddress.read(settings);
        RedisConfig redis = RedisConfig.read(settings);
        int nodes = settings.integer(PREFIX + "NODES", 1, 1, 1000);
        Duration drain = settings.duration(PREFIX + "DRAIN", Duration.ofSeconds(5));
        settings.check();
        return new AccessServerConfig(
                host,
                port,
                DatabaseConfig.of(url, user, password).readOnly(),
                AccessConfig.defaults(),
                clients,
                redis,
                nodes,
                identity,
                drain,
                1 << 20);
    }
}
