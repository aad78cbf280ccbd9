// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Children of a platform that was killed. They would hold their ports and their files.
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final Duration GRACE = Duration.ofSeconds(15);

    private Orphans() {}

    /// Stops all whose pid files are there. The caller holds the data directory, so they belong to
    /// nobody.
    static void stop(Path data, Path run) throws IOException {
        Map<PidFile, ProcessHandle> orphans = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(run, "*.pid")) {
            for (Path file : files) {
                PidFile pid = new PidFile(file);
                Optional<ProcessHandle> orphan = pid.find(data);
                if (orphan.isPresent()) {
                    LOG.warn(
                            "{} of a killed platform is still running (process {}); stopping it",
                            String.valueOf(file.getFileName()).replace(".pid", ""),
                            orphan.get().pid());
                    orphan.get().destroy();
                    orphans.put(pid, orphan.get());
                } else {
                    pid.delete();
                }
            }
        }
        long deadline = System.nanoTime() + GRACE.toNanos();
        for (Map.Entry<PidFile, ProcessHandle> orphan : orphans.entrySet()) {
            awaitEnd(orphan.getValue(), deadline);
            orphan.getKey().delete();
        }
    }

    private static void awaitEnd(ProcessHandle process, long deadline) throws IOException {
        if (!hasEnded(process, Math.max(0, deadline - System.nanoTime()))) {
            process.destroyForcibly();
            if (!hasEnded(process, GRACE.toNanos())) {
                throw new IOException(
                        "process " + process.pid() + " of a killed platform cannot be stopped");
            }
        }
    }

    private static boolean hasEnded(ProcessHandle process, long nanos) throws IOException {
        try {
            process.onExit().get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException _) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
