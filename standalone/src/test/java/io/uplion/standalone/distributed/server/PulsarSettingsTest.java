// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PulsarSettingsTest {
    private static final PulsarServer.Ports PORTS = new PulsarServer.Ports(1001, 1002, 1003);

    @TempDir private Path parent;
    private Path data;

    @BeforeEach
    void distribution() throws IOException {
        Files.createDirectories(parent.resolve("pulsar/lib"));
        Files.createDirectories(parent.resolve("pulsar/conf"));
        Files.writeString(
                parent.resolve("pulsar/conf/standalone.conf"),
                "clusterName=standalone\nallowAutoTopicCreation=true\n");
        data = Files.createDirectories(parent.resolve("data"));
    }

    private Properties written() throws IOException {
        var directory = Files.createDirectories(data.resolve("pulsar"));
        PulsarSettings.write(directory, new PulsarDistribution(parent.resolve("pulsar")), PORTS);
        var written = new Properties();
        written.load(new StringReader(Files.readString(directory.resolve(PulsarSettings.FILE))));
        return written;
    }

    @Test
    void oursGoBeforeTheDistributionsAndTheOperatorsBeforeOurs() throws IOException {
        assertThat(written())
                .containsEntry("clusterName", "standalone")
                .containsEntry("allowAutoTopicCreation", "false")
                .containsEntry("journalSyncData", "false");

        Files.writeString(data.resolve("pulsar.conf"), "journalSyncData = true\n");

        assertThat(written())
                .containsEntry("journalSyncData", "true")
                .containsEntry("allowAutoTopicCreation", "false");
    }

    @Test
    void portsAreNotTheOperators() throws IOException {
        Files.writeString(data.resolve("pulsar.conf"), "brokerServicePort=6650\n");

        assertThat(written()).containsEntry("brokerServicePort", "1001");
    }

    @Test
    void fileThatCannotBeReadIsNamed() throws IOException {
        Files.writeString(data.resolve("pulsar.conf"), "name=\\u00zz\n");

        assertThatThrownBy(this::written)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pulsar.conf");
    }
}
