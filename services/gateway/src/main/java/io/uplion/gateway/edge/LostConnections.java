// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.edge;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Tries a lost connection again twice a second. A channel by itself waits ever longer, up to two
/// minutes, and whoever asks meanwhile is refused although the other side is long back.
final class LostConnections {
    private static final long EACH_MILLIS = 500;

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(EACH_MILLIS, TimeUnit.MILLISECONDS);

    private LostConnections() {}

    /// Until the channel is shut down.
    static void watch(ManagedChannel channel) {
        ConnectivityState state = channel.getState(false);
        switch (state) {
            case SHUTDOWN -> {}
            // It stays so, however often it tries: no change is told before it is connected.
            case TRANSIENT_FAILURE -> LATER.execute(() -> tryAgain(channel));
            case IDLE, CONNECTING, READY ->
                    channel.notifyWhenStateChanged(state, () -> watch(channel));
        }
    }

    private static void tryAgain(ManagedChannel channel) {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.resetConnectBackoff();
        }
        watch(channel);
    }
}
