// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever is killed before it has finished by itself breaks answers.
class StopTimesTest {
    @TempDir private Path directory;

    @Test
    void gatewayMayTakeWhatTheSlowestModelMay() throws IOException {
        var times = times(Map.of());
        assertThat(times.gateway()).isGreaterThan(AIModel.DEFAULT_TIMEOUT);

        wanted("quick", "20s");
        wanted("slow", "15m");
        assertThat(times.gateway()).isEqualTo(withMargins(Duration.ofMinutes(15), 2));

        Files.delete(directory.resolve("slow.yaml"));
        assertThat(times.gateway()).isEqualTo(withMargins(Duration.ofSeconds(20), 2));
    }

    @Test
    void workerMayTakeWhatItsPoolMay() throws IOException {
        wanted("slow", "15m");
        var pool = times(Map.of()).pools().read().get("slow");

        assertThat(times(Map.of()).worker(pool)).isEqualTo(withMargins(Duration.ofMinutes(15), 0));
    }

    @Test
    void settingsThatChildrenInheritAreKnown() throws IOException {
        wanted("slow", "15m");
        var times =
                times(
                        Map.of(
                                "UPLION_GATEWAY_DRAIN", "1h",
                                "UPLION_GATEWAY_LEAVE", "10s",
                                "UPLION_WORKER_DRAIN", "2h"));

        assertThat(times.gateway()).isEqualTo(withMargins(Duration.ofHours(1), 10));
        assertThat(times.worker(times.pools().read().get("slow")))
                .isEqualTo(withMargins(Duration.ofHours(2), 0));
    }

    private static Duration withMargins(Duration drain, int leaveSeconds) {
        return drain.plusSeconds(leaveSeconds).plus(StopTimes.MARGIN);
    }

    private StopTimes times(Map<String, String> environment) {
        return new StopTimes(environment, new WantedPools(directory));
    }

    private void wanted(String name, String timeout) throws IOException {
        Files.writeString(
                directory.resolve(name + ".yaml"),
                """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: %s}
                spec:
                  type: local
                  local: {engine: simulator}
                  timeout: %s
                """
                        .formatted(name, timeout));
    }
}
