// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// How many threads this JVM has, virtual ones too: no meter counts those.
record LiveThreads(int platform, int virtual) {
    private static final Pattern VIRTUAL = Pattern.compile("#\\d+ \"[^\"]*\" virtual.*");

    static LiveThreads count() {
        try {
            var directory = Files.createTempDirectory("uplion-threads-");
            try {
                return count(directory.resolve("dump"));
            } finally {
                Files.deleteIfExists(directory.resolve("dump"));
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LiveThreads count(Path file) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (var lines = Files.lines(file)) {
            return new LiveThreads(
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    (int) lines.filter(line -> VIRTUAL.matcher(line).matches()).count());
        }
    }

    boolean isAtMost(LiveThreads before, int more) {
        return platform <= before.platform + more && virtual <= before.virtual + more;
    }
}
