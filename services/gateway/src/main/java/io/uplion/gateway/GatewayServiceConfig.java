// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.counters.redis.RedisConfig;
import io.uplion.gateway.GatewayConfig.Address;
import io.uplion.gateway.GatewayConfig.Tls;
import io.uplion.gateway.reply.ReplyServerConfig;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.queue.pulsar.PulsarTasks;
import io.uplion.task.ClaimSeal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Every setting of a gateway's process, with its default.
///
/// @param reply where it listens for workers
/// @param replyAddress where workers find it: `host:port`
/// @param claimSecret signs what tasks are billed by
/// @param leave a stopping gateway is not ready, yet takes requests for so long: until whoever
///   sends them has seen it
public record GatewayServiceConfig(
        GatewayConfig gateway,
        ReplyServerConfig reply,
        String replyAddress,
        Access access,
        Brokers brokers,
        Secret claimSecret,
        Duration leave) {
    private static final String PREFIX = "UPLION_GATEWAY_";

    /// Who says whose request it is.
    ///
    /// @param address asked about keys; nothing where Envoy has asked already
    /// @param timeout a request waits so long for the answer
    /// @param identitySecret what `access` signs with
    public record Access(Optional<String> address, Duration timeout, Secret identitySecret) {}

    /// What gateways share.
    public record Brokers(String pulsarUrl, String pulsarAdminUrl, RedisConfig redis) {}

    /// @throws Settings.SettingsException naming every wrong setting
    public static GatewayServiceConfig read(Settings settings) {
        String host = settings.text(PREFIX + "HOST", "127.0.0.1");
        int port = settings.integer(PREFIX + "PORT", 8080, 0, 65535);
        String replyHost = settings.text(PREFIX + "REPLY_HOST", "127.0.0.1");
        int replyPort = settings.integer(PREFIX + "REPLY_PORT", 9292, 1, 65535);
        String address = settings.text(PREFIX + "REPLY_ADDRESS", replyHost + ":" + replyPort);
        GatewayServiceConfig config =
                new GatewayServiceConfig(
                        GatewayConfig.read(
                                settings, new Address(host, port, tls(settings)), Optional.empty()),
                        ReplyServerConfig.at(replyHost, replyPort)
                                .withMaxAnswerBytes(
                                        settings.arrayBytes(PREFIX + "MAX_ANSWER", 64 << 20, 1024)),
                        address,
                        access(settings),
                        new Brokers(
                                settings.text("UPLION_PULSAR_URL", "pulsar://127.0.0.1:6650"),
                                settings.text("UPLION_PULSAR_ADMIN_URL", "http://127.0.0.1:8080"),
                                RedisConfig.read(settings)),
                        ClaimSeal.secret(settings, PREFIX + "CLAIM_SECRET"),
                        settings.duration(PREFIX + "LEAVE", Duration.ofSeconds(2)));
        if (config.gateway().relay().inlineBodyBytes() > PulsarTasks.MAX_BODY_BYTES) {
            settings.refuse(
                    PREFIX + "INLINE_BODY",
                    "must be at most "
                            + PulsarTasks.MAX_BODY_BYTES
                            + " bytes, or the queue takes no such task");
        }
        settings.check();
        return config;
    }

    private static Access access(Settings settings) {
        String address = settings.text(PREFIX + "ACCESS", "127.0.0.1:9191");
        return new Access(
                address.equals("envoy") ? Optional.empty() : Optional.of(address),
                settings.duration(PREFIX + "ACCESS_TIMEOUT", Duration.ofSeconds(3)),
                settings.requiredSecret("UPLION_IDENTITY_SECRET"));
    }

    private static Optional<Tls> tls(Settings settings) {
        String certificate = settings.text(PREFIX + "TLS_CERT", "");
        String key = settings.text(PREFIX + "TLS_KEY", "");
        if (certificate.isBlank() != key.isBlank()) {
            settings.refuse(PREFIX + "TLS_CERT", "goes together with " + PREFIX + "TLS_KEY");
        }
        return certificate.isBlank()
                ? Optional.empty()
                : Optional.of(new Tls(Path.of(certificate), Path.of(key)));
    }
}
