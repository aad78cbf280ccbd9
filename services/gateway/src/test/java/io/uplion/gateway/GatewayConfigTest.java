// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.settings.Settings;
import io.uplion.platform.settings.Settings.SettingsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {
    private static final GatewayConfig.Address ADDRESS =
            new GatewayConfig.Address("127.0.0.1", 8080, Optional.empty());

    private static GatewayConfig read(Map<String, String> settings) {
        var named = new HashMap<String, String>();
        settings.forEach((name, value) -> named.put("UPLION_GATEWAY_" + name, value));
        var read = new Settings(named);
        var config = GatewayConfig.read(read, ADDRESS);
        read.check();
        return config;
    }

    @Test
    void defaultsAreTheDocumentedOnes() {
        var config = read(Map.of());

        assertThat(config.address()).isEqualTo(ADDRESS);
        assertThat(config.maxBodyBytes()).isEqualTo(64L << 20);
        assertThat(config.bodyMemoryBytes()).isEqualTo(Runtime.getRuntime().maxMemory() / 3);
        assertThat(config.corsOrigins()).containsExactly("*");
        assertThat(config.times())
                .isEqualTo(
                        new GatewayConfig.Times(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(10),
                                Duration.ofSeconds(50),
                                Duration.ofSeconds(15),
                                Duration.ofSeconds(15),
                                Optional.of(Duration.ofSeconds(30))));
        assertThat(config.relay())
                .isEqualTo(
                        new GatewayConfig.Relay(
                                3,
                                256 << 10,
                                1 << 20,
                                Runtime.getRuntime().maxMemory() / 6,
                                Duration.ofSeconds(60)));
    }

    @Test
    void everySettingIsRead() {
        var config =
                read(
                        Map.ofEntries(
                                Map.entry("MAX_BODY", "1MiB"),
                                Map.entry("BODY_MEMORY", "2MiB"),
                                Map.entry("CORS_ORIGINS", "https://a.example, https://b.example"),
                                Map.entry("IDEMPOTENCY_MEMORY", "3MiB"),
                                Map.entry("IDLE_TIMEOUT", "1s"),
                                Map.entry("BODY_TIMEOUT", "2s"),
                                Map.entry("START_BY", "3s"),
                                Map.entry("UNSTREAMED_WAIT", "4s"),
                                Map.entry("HEADERS_WAIT", "5s"),
                                Map.entry("KEEP_ALIVE", "6s"),
                                Map.entry("DRAIN", "7s"),
                                Map.entry("ATTEMPTS", "4"),
                                Map.entry("INLINE_BODY", "0"),
                                Map.entry("STREAM_BUFFER", "4096"),
                                Map.entry("ANSWER_MEMORY", "3MiB"),
                                Map.entry("SLOW_CLIENT_TIMEOUT", "8s")));

        assertThat(config)
                .isEqualTo(
                        new GatewayConfig(
                                ADDRESS,
                                1 << 20,
                                2 << 20,
                                3 << 20,
                                List.of("https://a.example", "https://b.example"),
                                new GatewayConfig.Times(
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(4),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(6),
                                        Optional.of(Duration.ofSeconds(7))),
                                new GatewayConfig.Relay(
                                        4, 0, 4096, 3 << 20, Duration.ofSeconds(8))));
    }

    @Test
    void limitsThatCannotBeHeldAreErrors() {
        for (var setting :
                Map.of(
                                "ATTEMPTS", "0",
                                "MAX_BODY", "3GiB",
                                "INLINE_BODY", "3GiB",
                                "IDEMPOTENCY_MEMORY", "1000",
                                "STREAM_BUFFER", "1",
                                "KEEP_ALIVE", "0s")
                        .entrySet()) {
            assertThatThrownBy(() -> read(Map.of(setting.getKey(), setting.getValue())))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("UPLION_GATEWAY_" + setting.getKey());
        }
    }
}
