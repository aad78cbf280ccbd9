// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/// The version the build wrote into the program.
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"uplion " + read(), "Java " + Runtime.version()};
    }

    static String read() {
        try (InputStream text = Version.class.getResourceAsStream("/uplion.version")) {
            return text == null
                    ? "unknown"
                    : new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
