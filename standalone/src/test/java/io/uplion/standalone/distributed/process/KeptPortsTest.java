// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptPortsTest {
    @TempDir private Path run;
    private Path file;

    @BeforeEach
    void fresh() {
        file = run.resolve("ports.properties");
    }

    @Test
    void areTheSameAtTheNextStart() throws IOException {
        var ports = new KeptPorts(file);
        var gateway = ports.port("gateway-1");
        var worker = ports.port("worker-1");

        var later = new KeptPorts(file);

        assertThat(later.port("worker-1")).isEqualTo(worker).isEqualTo(ports.port("worker-1"));
        assertThat(later.port("gateway-1")).isEqualTo(gateway).isNotEqualTo(worker);
    }

    @Test
    void oneThatSomebodyTookIsReplacedForGood() throws IOException {
        var kept = new KeptPorts(file).port("pulsar");
        try (var _ = new ServerSocket(kept, 1, InetAddress.getByName("127.0.0.1"))) {
            var other = new KeptPorts(file).port("pulsar");

            assertThat(other).isNotEqualTo(kept);
            assertThat(new KeptPorts(file).port("pulsar")).isEqualTo(other);
        }
    }

    @Test
    void areNeverThoseOfOutgoingConnectionsAndNeverTwice() throws IOException {
        var ports = new KeptPorts(file);
        var seen = new HashSet<Integer>();
        for (int i = 0; i < 50; i++) {
            var port = ports.port("worker-" + i);
            assertThat(port).isBetween(10_240, 32_767);
            assertThat(seen.add(port)).isTrue();
        }
    }

    @Test
    void nonsenseInTheFileIsNoPort() throws IOException {
        Files.writeString(file, "pulsar=99999\nredis=-1\nproxy=soon\n");
        var ports = new KeptPorts(file);

        assertThat(ports.port("pulsar")).isBetween(10_240, 32_767);
        assertThat(ports.port("redis")).isBetween(10_240, 32_767);
        assertThat(ports.port("proxy")).isBetween(10_240, 32_767);
    }
}
