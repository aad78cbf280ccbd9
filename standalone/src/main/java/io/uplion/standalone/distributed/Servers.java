// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed;

import io.uplion.standalone.data.ClaimSecret;
import io.uplion.standalone.data.OwnerFile;
import io.uplion.standalone.distributed.server.PulsarServer;
import io.uplion.standalone.distributed.server.RedisServer;
import io.uplion.store.DatabaseConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/// The servers that the services share, and the files with the secrets for them. Secrets never
/// stand in an environment or on a command line.
///
/// @param identitySecret signs who asks; new at each start
/// @param claimSecret signs what tasks are billed by; kept with the data
public record Servers(
        PulsarServer pulsar,
        RedisServer redis,
        DatabaseConfig database,
        Path databasePassword,
        Path identitySecret,
        Path claimSecret) {
    private static final int SECRET_BYTES = 32;

    /// @param run the run directory
    public static Servers of(
            PulsarServer pulsar,
            RedisServer redis,
            DatabaseConfig database,
            ClaimSecret claims,
            Path run)
            throws IOException {
        Path password = run.resolve("database.secret");
        OwnerFile.replace(password, database.password().reveal().getBytes(StandardCharsets.UTF_8));
        Path identity = run.resolve("identity.secret");
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        OwnerFile.replace(
                identity, HexFormat.of().formatHex(random).getBytes(StandardCharsets.UTF_8));
        return new Servers(pulsar, redis, database, password, identity, claims.path().toRealPath());
    }

    /// Where they are, as settings for a service.
    Map<String, String> settings() {
        return Map.of(
                "UPLION_PULSAR_URL",
                pulsar.serviceUrl(),
                "UPLION_PULSAR_ADMIN_URL",
                pulsar.adminUrl(),
                "UPLION_REDIS_URL",
                redis.url(),
                "UPLION_REDIS_PASSWORD_FILE",
                redis.passwordFile().toString());
    }
}
