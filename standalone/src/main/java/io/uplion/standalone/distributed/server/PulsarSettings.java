// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// What the broker is told: the distribution's settings for one machine, ours over them, and over
/// both the operator's own, where there are any. Written at every start.
final class PulsarSettings {
    static final String FILE = "standalone.conf";
    static final String LOGGING = "log4j2.properties";

    /// The operator's, in the data directory.
    static final String OWN = "pulsar.conf";

    private static final Map<String, String> OURS =
            Map.ofEntries(
                    // Topics are made by whoever controls models, never by a client's string, and
                    // an idle one is kept.
                    Map.entry("allowAutoTopicCreation", "false"),
                    Map.entry("brokerDeleteInactiveTopicsEnabled", "false"),
                    // A message goes out when it comes in; the default waits 10 ms on a quiet
                    // topic.
                    Map.entry("managedLedgerNewEntriesCheckDelayInMillis", "0"),
                    // How soon a silent worker is found dead and its task given to another.
                    Map.entry("keepAliveIntervalSeconds", "10"),
                    // A full topic says so; the default lets producers hang.
                    Map.entry("backlogQuotaDefaultRetentionPolicy", "producer_exception"),
                    // A receipt means that the operating system has the message: kill -9 loses
                    // nothing, and no message waits for the disk (docs/decisions/0005).
                    Map.entry("journalWriteData", "true"),
                    Map.entry("journalSyncData", "false"),
                    Map.entry("journalMaxSizeMB", "256"),
                    Map.entry("logSizeLimit", "268435456"),
                    // The port below, not one from the range of outgoing connections.
                    Map.entry("allowEphemeralPorts", "true"),
                    Map.entry("bindAddress", "127.0.0.1"),
                    Map.entry("advertisedAddress", "127.0.0.1"),
                    // What nobody here uses, and memory for one machine.
                    Map.entry("webSocketServiceEnabled", "false"),
                    Map.entry("systemTopicEnabled", "false"),
                    Map.entry("topicLevelPoliciesEnabled", "false"),
                    Map.entry("numHttpServerThreads", "8"),
                    Map.entry("managedLedgerCacheSizeMB", "64"),
                    Map.entry("dbStorage_writeCacheMaxSizeMb", "64"),
                    Map.entry("dbStorage_readAheadCacheMaxSizeMb", "16"),
                    Map.entry("dbStorage_rocksDB_blockCacheSize", "16777216"));

    /// Warnings and worse: the rest is a line for each consumer that comes or goes and for each
    /// question about a topic, for ever.
    private static final String LOGS =
            """
            # Written by UPLION at every start.
            status = error
            appender.console.type = Console
            appender.console.name = console
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p %c{1}: %m%n
            rootLogger.level = warn
            rootLogger.appenderRef.console.ref = console
            """;

    private PulsarSettings() {}

    /// @param directory the broker's own, in the data directory
    static void write(Path directory, PulsarDistribution pulsar, PulsarServer.Ports ports)
            throws IOException {
        Map<String, String> all = new TreeMap<>(read(pulsar.settings()));
        all.putAll(OURS);
        Path own = directory.resolveSibling(OWN);
        if (Files.exists(own)) {
            all.putAll(read(own));
        }
        all.put("brokerServicePort", Integer.toString(ports.broker()));
        all.put("webServicePort", Integer.toString(ports.admin()));
        all.put("listeningInterface", loopback());
        StringBuilder text = new StringBuilder("# Written by UPLION at every start.\n");
        all.forEach((name, value) -> text.append(name + "=" + value + "\n"));
        Files.writeString(directory.resolve(FILE), text);
        Files.writeString(directory.resolve(LOGGING), LOGS);
    }

    private static Map<String, String> read(Path file) throws IOException {
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            settings.load(in);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        Map<String, String> read = new TreeMap<>();
        settings.forEach((name, value) -> read.put((String) name, (String) value));
        return read;
    }

    /// The storage can be bound to an interface by its name only: `lo`, `lo0`.
    private static String loopback() throws IOException {
        NetworkInterface loopback =
                NetworkInterface.getByInetAddress(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        if (loopback == null) {
            throw new IOException("this machine has no interface with the address 127.0.0.1");
        }
        return loopback.getName();
    }
}
