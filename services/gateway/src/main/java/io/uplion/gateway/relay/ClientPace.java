// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.gateway.GatewayConfig;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What is done when an answer comes faster than its client takes it: the worker is asked to hold,
/// and goes on when half of the buffer is free. Who takes nothing at all is cut off. Lives on the
/// client's event loop.
final class ClientPace {
    /// Somebody's slot stands still meanwhile.
    private static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// What may come from a worker after it was asked to hold.
    private static final long ON_ITS_WAY_BYTES = 16 << 20;

    private final ClientAnswer client;
    private final GatewayConfig.Relay bounds;
    private final Consumer<Boolean> hold;
    private boolean holding;
    private long heldSince;

    /// @param hold tells the worker to hold, or to go on
    ClientPace(ClientAnswer client, GatewayConfig.Relay bounds, Consumer<Boolean> hold) {
        this.client = client;
        this.bounds = bounds;
        this.hold = hold;
        client.whenTaken(this::taken);
    }

    /// @param frameBytes of the frame that was written last: one may be larger than any bound
    /// @return whether the client must be cut off: the worker does not hold
    boolean wrote(int frameBytes) {
        if (!holding && client.pendingBytes() > bounds.bufferBytes()) {
            holding = true;
            heldSince = System.nanoTime();
            hold.accept(true);
        }
        return client.pendingBytes() - frameBytes > bounds.bufferBytes() + ON_ITS_WAY_BYTES;
    }

    private void taken() {
        if (holding && client.pendingBytes() <= bounds.bufferBytes() / 2) {
            holding = false;
            hold.accept(false);
        }
    }

    /// Whether the client has taken nothing for too long.
    ///
    /// @param running a worker waits for it if it holds
    boolean isStuck(long now, boolean running) {
        long patience = bounds.slowClient().toNanos();
        long since = client.lastProgress();
        if (running && holding) {
            patience = Math.min(patience, HELD_NANOS);
            since = Math.max(since, heldSince);
        }
        return client.pendingBytes() > 0 && now - since > patience;
    }
}
