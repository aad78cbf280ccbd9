// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.settings.Settings;
import io.uplion.worker.network.AllowedNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerServiceConfigTest {
    @TempDir private Path directory;

    private WorkerServiceConfig read(Map<String, String> given) throws IOException {
        var manifest = directory.resolve("fake.yaml");
        Files.writeString(
                manifest,
                """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: fake}
                spec:
                  type: local
                  local: {engine: simulator}
                  timeout: 90s
                """);
        var environment = new HashMap<>(given);
        environment.put("UPLION_WORKER_MANIFEST", manifest.toString());
        return WorkerServiceConfig.read(new Settings(environment), Map.of());
    }

    @Test
    void stoppingWorkerWaitsAsLongAsItsPoolsAttemptsMayTake() throws IOException {
        assertThat(read(Map.of()).worker().drain()).isEqualTo(Duration.ofSeconds(90));
        assertThat(read(Map.of("UPLION_WORKER_DRAIN", "7s")).worker().drain())
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void nothingThatIsNotPublicIsCalledUnlessItIsAllowed() throws IOException {
        assertThat(read(Map.of()).worker().networks()).isEqualTo(AllowedNetworks.parse(List.of()));
    }
}
