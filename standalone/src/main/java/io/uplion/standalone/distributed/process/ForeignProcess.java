// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A process that somebody else starts and watches, shown as if it were a child: pid file, log, a
/// line when it dies, meters. Any thread may call.
public final class ForeignProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignProcess.class);

    private final String name;
    private final PidFile pid;
    private final Consumer<String> say;
    private @Nullable ProcessHandle process;
    private int begun;

    ForeignProcess(String name, Path run, Consumer<String> say) {
        this.name = name;
        this.pid = pidFile(run, name);
        this.say = say;
    }

    private static PidFile pidFile(Path run, String name) {
        return new PidFile(run.resolve(name + ".pid"));
    }

    /// Its pid file is nobody's to act upon but its owner's, who may be starting it anew already.
    public static void forget(Path run, String name) throws IOException {
        pidFile(run, name).delete();
    }

    /// @param log where it prints
    static void link(Path run, String name, Path log) {
        Path link = run.resolve(name + ".log");
        try {
            Files.createSymbolicLink(link, run.relativize(log));
        } catch (FileAlreadyExistsException _) {
            // From an earlier start.
        } catch (IOException | UnsupportedOperationException e) {
            LOG.atWarn().setCause(e).log("{} cannot lead to {}", link, log);
        }
    }

    public synchronized void began(ProcessHandle now) {
        process = now;
        begun++;
        try {
            pid.write(now.pid());
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("{} cannot be written", pid.path());
        }
    }

    public synchronized void died() {
        process = null;
        say.accept(name + " ended; starting it again");
        try {
            pid.delete();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("{} cannot be deleted", pid.path());
        }
    }

    synchronized boolean isUp() {
        return process != null && process.isAlive();
    }

    synchronized int restarts() {
        return Math.max(0, begun - 1);
    }
}
