// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import io.uplion.standalone.data.OwnerFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/// Loopback ports by name, `ports.properties`: the same ones at the next start, as long as nobody
/// else has taken them.
public final class KeptPorts {
    /// Below the ports that operating systems give to outgoing connections: one of those must not
    /// take a child's port while the child is being started again.
    private static final int LEAST = 15_000;

    private static final int MOST = 32_000;
    private static final int TRIES = 200;

    private final Path file;
    private final Properties ports = new Properties();
    private final Set<String> given = new HashSet<>();

    KeptPorts(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                ports.load(in);
            }
        }
    }

    /// Within one run always the same one, for its child may be using it.
    ///
    /// @throws ProcessException when no port is free
    public synchronized int port(String name) {
        int kept = kept(name);
        boolean again = !given.add(name);
        if (kept != 0 && (again || isFree(kept))) {
            return kept;
        }
        int chosen = choose();
        ports.setProperty(name, Integer.toString(chosen));
        write();
        return chosen;
    }

    /// 0 where there is none.
    private int kept(String name) {
        String text = ports.getProperty(name, "").strip();
        return text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535
                ? Integer.parseInt(text)
                : 0;
    }

    private int choose() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST, MOST);
            if (!ports.containsValue(Integer.toString(port)) && isFree(port)) {
                return port;
            }
        }
        throw new ProcessException(
                "no free port was found between " + LEAST + " and " + MOST + " on 127.0.0.1");
    }

    /// Whether somebody may listen on the port of 127.0.0.1 now.
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(
                    new InetSocketAddress(
                            InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private void write() {
        StringWriter text = new StringWriter();
        new TreeMap<>(ports).forEach((name, port) -> text.append(name + "=" + port + "\n"));
        try {
            OwnerFile.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ProcessException(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
