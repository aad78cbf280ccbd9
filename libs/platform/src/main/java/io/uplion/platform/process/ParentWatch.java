// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a child when its parent is gone, however that went. A supervised child's standard input is
/// a pipe whose other end its parent holds; the operating system closes it with the parent.
public final class ParentWatch {
    /// Names the run directory; set for supervised children only.
    public static final String RUN = "uplion.run";

    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int ENDED_BY_TERM = 143;

    private ParentWatch() {}

    /// Ends this process as SIGTERM would when its parent is gone.
    public static void begin() {
        begin(() -> System.exit(ENDED_BY_TERM));
    }

    /// Does nothing in a process that no supervisor started.
    ///
    /// @param end begins an orderly end; a process that is still there 10 s later is halted, for
    ///   nobody is left to do that
    public static void begin(Runnable end) {
        if (System.getProperty(RUN) != null) {
            Thread.ofPlatform().daemon().name("parent-watch").start(() -> watch(end));
        }
    }

    private static void watch(Runnable end) {
        try {
            while (System.in.read() >= 0) {
                // The parent says nothing; it is there, and that is all.
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the parent cannot be watched any more");
        }
        LOG.warn("the process that started this one is gone; ending");
        Thread.ofPlatform().daemon().name("parent-gone").start(end);
        LockSupport.parkNanos(GRACE.toNanos());
        Runtime.getRuntime().halt(ENDED_BY_TERM);
    }
}
