// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.settings.Settings;
import io.uplion.worker.network.AllowedNetworks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {
    @Test
    void defaultsAreTheDocumentedOnes() {
        var config = WorkerConfig.read(new Settings(Map.of()), AllowedNetworks.LOOPBACK);

        assertThat(config)
                .usingRecursiveComparison()
                .isEqualTo(
                        new WorkerConfig(
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(2),
                                Duration.ofSeconds(30),
                                64 << 20,
                                Runtime.getRuntime().maxMemory() / 6,
                                AllowedNetworks.parse(AllowedNetworks.LOOPBACK)));
    }

    @Test
    void everySettingIsRead() {
        var settings =
                new Settings(
                        Map.of(
                                "UPLION_WORKER_CONNECT_TIMEOUT", "1s",
                                "UPLION_WORKER_STALL_TIMEOUT", "2s",
                                "UPLION_WORKER_DRAIN", "3s",
                                "UPLION_WORKER_MAX_ANSWER", "1MiB",
                                "UPLION_WORKER_ANSWER_MEMORY", "2MiB",
                                "UPLION_WORKER_ALLOWED_NETWORKS", "10.0.0.0/8, fd00::/8"));
        var config = WorkerConfig.read(settings, AllowedNetworks.LOOPBACK);
        settings.check();

        assertThat(config)
                .usingRecursiveComparison()
                .isEqualTo(
                        new WorkerConfig(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                1 << 20,
                                2 << 20,
                                AllowedNetworks.parse(List.of("10.0.0.0/8", "fd00::/8"))));
    }

    @Test
    void networkThatIsNoneIsAWrongSettingLikeOthers() {
        var settings =
                new Settings(
                        Map.of(
                                "UPLION_WORKER_MAX_ANSWER", "4GiB",
                                "UPLION_WORKER_ALLOWED_NETWORKS", "my-network"));
        WorkerConfig.read(settings, AllowedNetworks.LOOPBACK);

        assertThatThrownBy(settings::check)
                .hasMessageContaining("UPLION_WORKER_ALLOWED_NETWORKS")
                .hasMessageContaining("my-network")
                .hasMessageContaining("UPLION_WORKER_MAX_ANSWER");
    }
}
