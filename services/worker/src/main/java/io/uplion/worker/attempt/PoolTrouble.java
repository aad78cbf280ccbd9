// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.worker.backend.Backend;
import io.uplion.worker.pool.PoolHealth;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The trouble that an attempt has reported to its gateway, which says whether it is the pool's or
/// the task's.
final class PoolTrouble {
    private final PoolHealth health;
    private volatile @Nullable Reported reported;

    private record Reported(Backend.Trouble signal, Instant retryAt) {}

    PoolTrouble(PoolHealth health) {
        this.health = health;
    }

    /// Nothing rests yet.
    FromWorker.PoolTrouble report(Backend.Trouble refused) {
        Instant retryAt = health.retryAt(refused);
        reported = new Reported(refused, retryAt);
        return new FromWorker.PoolTrouble(
                refused.status(), refused.reason(), retryAt, refused.message());
    }

    /// Lets the pool rest where the gateway finds that the trouble is the pool's. Called on the
    /// gateway's thread.
    void told(FromGateway message) {
        Reported trouble = reported;
        boolean poolsOwn =
                message instanceof FromGateway.Later
                        || (message instanceof FromGateway.Done(var _, boolean blameless)
                                && !blameless);
        if (trouble != null && poolsOwn) {
            health.rest(trouble.signal(), trouble.retryAt());
        }
    }
}
