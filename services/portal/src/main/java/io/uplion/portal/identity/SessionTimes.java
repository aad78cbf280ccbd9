// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import java.time.Duration;
import java.time.Instant;

/// How long sessions live.
///
/// @param idle without being used
/// @param longest whatever is done with it
record SessionTimes(Duration idle, Duration longest) {
    static final SessionTimes DEFAULTS = new SessionTimes(Duration.ofDays(7), Duration.ofDays(30));

    static final Duration SEEN = Duration.ofMinutes(1);

    /// An end that moves is told to all nodes, so it moves in steps.
    private static final Duration STEP = Duration.ofHours(1);

    Instant expiry(Instant created, Instant seen) {
        Instant last = created.plus(longest);
        Instant unused = seen.plus(idle);
        return unused.isBefore(last) ? unused : last;
    }

    boolean isToBeNoted(Session session, Instant now) {
        return !now.isBefore(session.lastSeenAt().plus(SEEN));
    }

    /// As it is after it has been used now.
    Session seen(Session session, Instant now) {
        Instant wanted = expiry(session.createdAt(), now);
        boolean farther = !wanted.isBefore(session.expiresAt().plus(STEP));
        return new Session(
                session.id(),
                session.user(),
                session.createdAt(),
                now,
                farther ? wanted : session.expiresAt(),
                session.address(),
                session.userAgent());
    }
}
