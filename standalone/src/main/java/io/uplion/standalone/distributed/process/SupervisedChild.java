// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One child from its first start to its last end, over all the processes it is in between.
final class SupervisedChild {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedChild.class);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LOG_LOOK = Duration.ofSeconds(5);

    private final ChildSpec spec;
    private final Path run;
    private final ChildLog log;
    private final PidFile pid;
    private final Consumer<String> say;
    private final RestartPause pause = new RestartPause();
    private @Nullable Process process;
    private @Nullable Thread keeper;
    private long startedAt;
    private int restarts;
    private boolean stopping;
    private long askedAt;
    private Duration grace = Duration.ZERO;

    /// @param say takes a line for the person at the terminal
    SupervisedChild(ChildSpec spec, Path run, Consumer<String> say) {
        this.spec = spec;
        this.run = run;
        this.log = new ChildLog(run.resolve(spec.name() + ".log"));
        this.pid = new PidFile(run.resolve(spec.name() + ".pid"));
        this.say = say;
    }

    ChildSpec spec() {
        return spec;
    }

    synchronized Optional<ProcessHandle> running() {
        return Optional.ofNullable(process).map(Process::toHandle).filter(ProcessHandle::isAlive);
    }

    /// Since its first start.
    synchronized int restarts() {
        return restarts;
    }

    /// @return false when it is being stopped
    private synchronized boolean launch() throws IOException {
        if (stopping) {
            return false;
        }
        log.beginStart();
        Process started = Launch.start(spec.command(), log.file(), run);
        try {
            pid.write(started.pid());
        } catch (IOException e) {
            // A child without its pid file could be left behind by a start after a crash.
            started.destroyForcibly();
            throw e;
        }
        process = started;
        startedAt = System.nanoTime();
        return true;
    }

    /// Starts it for the first time and does not wait for it.
    void begin() {
        try {
            if (!launch()) {
                throw new ProcessException(spec.name() + " was stopped before it started");
            }
        } catch (IOException e) {
            throw new ProcessException(spec.name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /// Waits until it is ready; from then on it is started again when it dies.
    ///
    /// @throws ProcessException with the end of its log
    void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + spec.limits().start().toNanos();
        while (!isReady()) {
            Process current = current();
            if (!current.isAlive()) {
                throw failed("ended with code " + current.exitValue() + " while it started");
            }
            if (System.nanoTime() - deadline > 0) {
                throw failed("was not ready after " + spec.limits().start().toSeconds() + " s");
            }
            Thread.sleep(LOOK);
        }
        watch();
    }

    /// One that was not ready in time may be yet: what it needs was away, as a worker's broker.
    ///
    /// @return false where it has ended
    synchronized boolean watchLate() {
        boolean lives = running().isPresent();
        if (lives) {
            watch();
        }
        return lives;
    }

    private synchronized void watch() {
        if (keeper == null) {
            keeper = Thread.ofVirtual().name("keeper-" + spec.name()).start(this::keep);
        }
    }

    private boolean isReady() {
        try {
            return current().isAlive() && spec.ready().isReady();
        } catch (IOException _) {
            return false;
        }
    }

    private ProcessException failed(String what) {
        return new ProcessException(
                spec.name() + " " + what + "; the end of " + log.file() + ":" + log.tail());
    }

    private synchronized Process current() {
        if (process == null) {
            throw new IllegalStateException(spec.name() + " was never started");
        }
        return process;
    }

    /// Starts it again whenever it dies.
    private void keep() {
        try {
            boolean again = true;
            while (again) {
                int code = awaitEndOfLife();
                again = !isStopping();
                if (again) {
                    say.accept(spec.name() + " ended with code " + code + "; starting it again");
                    again = startAgain();
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("{} is not watched any more", spec.name());
        }
    }

    /// Looks after its log in the meantime.
    ///
    /// @return its exit code
    private int awaitEndOfLife() throws InterruptedException {
        Process running = current();
        while (!running.waitFor(LOG_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                log.bound();
            } catch (IOException e) {
                LOG.atWarn().setCause(e).log("{} cannot be put aside", log.file());
            }
        }
        return running.exitValue();
    }

    private boolean startAgain() throws InterruptedException {
        while (true) {
            Thread.sleep(pause.after(life()));
            try {
                return launchAgain();
            } catch (IOException e) {
                say.accept(spec.name() + " cannot be started again: " + e.getMessage());
            }
        }
    }

    private synchronized boolean launchAgain() throws IOException {
        boolean launched = launch();
        restarts += launched ? 1 : 0;
        return launched;
    }

    private synchronized Duration life() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /// Asks it to end. Through its handle: the process itself would close the child's input with
    /// it, which says that the parent is gone.
    synchronized void askToStop() {
        stopping = true;
        askedAt = System.nanoTime();
        grace = spec.limits().stop().get();
        if (keeper != null) {
            keeper.interrupt();
        }
        running().ifPresent(ProcessHandle::destroy);
    }

    /// Waits for the end that was asked for, and brings it about when it does not come.
    void awaitEnd() {
        Process last;
        long left;
        synchronized (this) {
            last = process;
            left = grace.toNanos() - (System.nanoTime() - askedAt);
        }
        try {
            if (last != null && !last.waitFor(left, TimeUnit.NANOSECONDS)) {
                LOG.warn("{} did not stop in {}; killing it", spec.name(), grace);
                last.destroyForcibly().waitFor();
            }
            pid.delete();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("{} cannot be deleted", pid.path());
        } catch (InterruptedException e) {
            if (last != null) {
                last.destroyForcibly();
            }
            Thread.currentThread().interrupt();
        }
    }

    /// Sends it away without waiting. What is not ours may have files to bring in order.
    synchronized void abandon() {
        stopping = true;
        switch (spec.command()) {
            case Command.Java _ -> running().ifPresent(ProcessHandle::destroyForcibly);
            case Command.Program _ -> running().ifPresent(ProcessHandle::destroy);
        }
    }
}
