// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import io.uplion.openai.JsonText;
import io.uplion.standalone.data.OwnerFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/// Where everything can be reached: `endpoints.json`, rewritten whole at every change and gone when
/// nothing runs. No secrets.
public final class Endpoints {
    private final Path file;
    private final Map<String, String> addresses = new TreeMap<>();

    Endpoints(Path file) {
        this.file = file;
    }

    public void put(String name, String address) {
        add(Map.of(name, address));
    }

    synchronized void add(Map<String, String> more) {
        addresses.putAll(more);
        write();
    }

    synchronized void remove(Collection<String> names) {
        if (addresses.keySet().removeAll(names)) {
            write();
        }
    }

    synchronized void clear() throws IOException {
        addresses.clear();
        Files.deleteIfExists(file);
    }

    private void write() {
        byte[] json =
                JsonText.object(
                        out -> {
                            for (Map.Entry<String, String> one : addresses.entrySet()) {
                                out.writeStringField(one.getKey(), one.getValue());
                            }
                        });
        try {
            OwnerFile.replace(file, json);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
