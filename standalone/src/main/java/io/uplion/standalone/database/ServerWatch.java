// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the server again when it has died. Its port and its files stay, so whoever has a pool of
/// connections to it only has to wait.
///
/// Looking, rather than being told: the server is no child of ours, and what is left of a process
/// that nobody has waited for still counts as alive.
final class ServerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
    private static final Duration EACH = Duration.ofMillis(500);

    /// One look may fall into a moment in which the system tells nothing of a process.
    private static final int LOOKS = 2;

    private final Layout layout;
    private final PostgresPrograms programs;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("database-watch").daemon().factory());
    private ServerLives lives = ServerLives.UNHEARD;
    private int missed;
    private String failing = "";

    private ServerWatch(Layout layout, PostgresPrograms programs) {
        this.layout = layout;
        this.programs = programs;
    }

    static ServerWatch begin(Layout layout, PostgresPrograms programs) {
        ServerWatch watch = new ServerWatch(layout, programs);
        watch.thread.scheduleWithFixedDelay(
                watch::look, EACH.toMillis(), EACH.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    void tell(ServerLives listener) {
        thread.execute(
                () -> {
                    lives = listener;
                    tellBegun();
                });
    }

    private void tellBegun() {
        try {
            Postmaster.find(layout.cluster()).map(Postmaster::process).ifPresent(lives::began);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the database server's process is not known");
        }
    }

    private void look() {
        try {
            missed = Postmaster.find(layout.cluster()).isPresent() ? 0 : missed + 1;
            if (missed >= LOOKS) {
                startAgain();
            }
        } catch (IOException | RuntimeException e) {
            String failure = String.valueOf(e.getMessage());
            if (!failure.equals(failing)) {
                LOG.atError().setCause(e).log("the database server cannot be started again yet");
            }
            failing = failure;
        }
    }

    private void startAgain() throws IOException {
        if (missed == LOOKS) {
            LOG.error("the database server has died; starting it again");
            lives.died();
        }
        ServerStart.again(layout, programs);
        LOG.warn("the database server runs again");
        tellBegun();
        missed = 0;
        failing = "";
    }

    /// Does not wait, for a process that ends now.
    void abandon() {
        thread.shutdown();
    }

    /// A start that is under way comes to its end first, so that nothing is left behind.
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
