// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.live;

import io.uplion.catalog.AIModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Tells operators that a pool is in trouble, why and until when, and that it is back: a line when
/// that changes, however many requests find it out.
///
/// A trouble that goes on is told again with each new rest, though not within a minute of the last
/// time: a provider may ask for rests of no length. The provider's own words stay out: they may
/// quote a request.
final class TroubleLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.uplion.pools");
    private static final Duration SAME = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<String, Said> said = new HashMap<>();

    /// @param open the trouble was told, and not yet that it is over
    private record Said(String reason, int status, Instant at, Instant until, boolean open) {
        boolean covers(PoolStatus status, Instant now) {
            boolean same = reason.equals(status.reason()) && this.status == status.upstreamStatus();
            boolean fresh = now.isBefore(until) || now.isBefore(at.plus(SAME));
            return same && fresh;
        }

        Said over() {
            return new Said(reason, status, at, Instant.MIN, false);
        }
    }

    TroubleLog(Clock clock) {
        this.clock = clock;
    }

    /// Not thread-safe.
    void changed(AIModel pool, PoolStatus status) {
        Said last = said.get(pool.name());
        if (status.isWell()) {
            back(pool, last);
        } else if (status.state() == PoolStatus.State.FAILED || status.retryAt().isPresent()) {
            troubled(pool, status, last);
        }
    }

    void forget(String pool) {
        said.remove(pool);
    }

    private void troubled(AIModel pool, PoolStatus status, @Nullable Said last) {
        Instant now = clock.instant();
        if (last != null && last.covers(status, now)) {
            return;
        }
        Optional<Instant> until = status.retryAt();
        said.put(
                pool.name(),
                new Said(
                        status.reason(),
                        status.upstreamStatus(),
                        now,
                        until.orElse(Instant.MAX),
                        true));
        LoggingEventBuilder line = line(pool).addKeyValue("reason", status.reason());
        if (status.upstreamStatus() > 0) {
            line = line.addKeyValue("status", status.upstreamStatus());
        }
        if (until.isPresent()) {
            line.addKeyValue("until", until.get())
                    .log("the pool {} rests: its provider cannot serve it", pool.name());
        } else {
            line.log("the pool {} cannot serve until its manifest is corrected", pool.name());
        }
    }

    private void back(AIModel pool, @Nullable Said last) {
        if (last != null && last.open()) {
            said.put(pool.name(), last.over());
            line(pool).log("the pool {} is back", pool.name());
        }
    }

    private static LoggingEventBuilder line(AIModel pool) {
        return LOG.atWarn().addKeyValue("model", pool.model()).addKeyValue("pool", pool.name());
    }
}
