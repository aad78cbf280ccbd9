// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.live;

import java.time.Instant;
import java.util.Optional;

/// How one pool is.
///
/// @param reason one word for programs, empty while all is well
/// @param message the same for people
/// @param upstreamStatus the provider's HTTP status that brought the trouble, 0 where none did
/// @param retryAt until when the pool rests; nothing where it does not, or nobody knows
public record PoolStatus(
        State state, String reason, String message, int upstreamStatus, Optional<Instant> retryAt) {

    public static final PoolStatus PENDING = of(State.PENDING);
    public static final PoolStatus RUNNING = of(State.RUNNING);

    public enum State {
        PENDING("Pending"),
        RUNNING("Running"),
        SCALED_TO_ZERO("ScaledToZero"),
        FAILED("Failed");

        private final String id;

        State(String id) {
            this.id = id;
        }

        /// As the manifest's status writes it.
        public String id() {
            return id;
        }
    }

    private static PoolStatus of(State state) {
        return new PoolStatus(state, "", "", 0, Optional.empty());
    }

    /// The pool cannot work until its manifest is corrected.
    public static PoolStatus failed(String reason, String message) {
        return new PoolStatus(State.FAILED, reason, message, 0, Optional.empty());
    }

    /// Nothing is wrong with the pool.
    public boolean isWell() {
        return state == State.RUNNING && retryAt.isEmpty();
    }

    /// A pool that rests works again, by a probe, when its time has come.
    boolean worksAt(Instant now) {
        return retryAt.map(until -> !until.isAfter(now)).orElse(state != State.FAILED);
    }

    boolean comesBackBefore(PoolStatus other) {
        Instant mine = retryAt.orElse(Instant.MAX);
        return mine.isBefore(other.retryAt.orElse(Instant.MAX));
    }
}
