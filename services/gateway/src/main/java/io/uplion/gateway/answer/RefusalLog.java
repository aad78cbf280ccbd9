// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.answer;

import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Principal;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// One line for each request that was refused before it waited for a worker; how those that waited
/// have ended, the relay says.
///
/// Whoever has no key costs an operator no line: those are for the debug level. And whoever has one
/// can ask faster than lines are worth writing, so only so many are written a second.
public final class RefusalLog {
    private static final int MOST_A_SECOND = 100;
    private static final int UNAUTHORIZED = 401;
    private static final Logger LOG = LoggerFactory.getLogger("io.uplion.gateway.requests");

    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger written = new AtomicInteger();

    /// What is known of a request when it is refused.
    ///
    /// @param endpoint empty where nobody has looked at its key yet
    /// @param model one of ours; empty where it asked for none of them: then its name is the
    ///   client's word
    public record About(Optional<Principal> principal, String endpoint, String model) {
        public static final About NOTHING = new About(Optional.empty(), "", "");
    }

    /// @param request what `x-request-id` says
    void refused(String request, OpenAiError error, About about) {
        boolean known = !about.endpoint().isEmpty() && error.status() != UNAUTHORIZED;
        if (!known) {
            write(Level.DEBUG, request, error, about);
        } else if (LOG.isInfoEnabled()) {
            boolean room = hasRoom(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
            write(room ? Level.INFO : Level.DEBUG, request, error, about);
        }
    }

    /// For a request that never was one: nothing else is known of it.
    public static void unread(String request, OpenAiError error) {
        write(Level.DEBUG, request, error, About.NOTHING);
    }

    private boolean hasRoom(long now) {
        long before = second.get();
        if (before != now && second.compareAndSet(before, now)) {
            int more = written.getAndSet(0) - MOST_A_SECOND;
            if (more > 0) {
                LOG.atInfo().addKeyValue("requests", more).log("more requests were refused");
            }
        }
        return written.incrementAndGet() <= MOST_A_SECOND;
    }

    private static void write(Level level, String request, OpenAiError error, About about) {
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        LoggingEventBuilder line = LOG.atLevel(level).addKeyValue("request", request);
        line = known(known(line, "model", about.model()), "endpoint", about.endpoint());
        if (about.principal().isPresent()) {
            Principal principal = about.principal().get();
            line = line.addKeyValue("user", principal.user());
            if (principal.key().isPresent()) {
                line = line.addKeyValue("key", principal.key().get());
            }
        }
        line.addKeyValue("status", error.status())
                .addKeyValue("code", error.code().code())
                .log("request refused");
    }

    private static LoggingEventBuilder known(LoggingEventBuilder line, String key, String value) {
        return value.isEmpty() ? line : line.addKeyValue(key, value);
    }
}
