// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.gateway.GatewayConfig;
import io.uplion.openai.SseFrames;
import java.util.List;
import java.util.OptionalInt;

/// What a streaming client hears while nothing is said to it.
final class WaitingWords {
    private static final long PROGRESS_NANOS = 1_000_000_000L;

    private final WaitingRequest request;
    private final ClientAnswer client;
    private final Relay relay;
    private final GatewayConfig config;
    private int lowestPosition = Integer.MAX_VALUE;
    private long lastProgress;
    private boolean saidStarting;

    WaitingWords(WaitingRequest request, ClientAnswer client, Relay relay) {
        this.request = request;
        this.client = client;
        this.relay = relay;
        this.config = relay.config();
    }

    /// @param waiting no worker has the task
    void say(long now, boolean waiting, FairShares.Share share) {
        if (!request.task().stream()) {
            return;
        }
        if (request.wantsProgress() && waiting) {
            progress(now, share);
        }
        boolean begin = now - request.acceptedAt() > config.times().headersWait().toNanos();
        boolean silent = now - client.lastWrite() > config.times().keepAlive().toNanos();
        if (client.isStreaming() ? silent : begin) {
            client.comment(SseFrames.keepAlive());
        }
    }

    private void progress(long now, FairShares.Share share) {
        if (lastProgress != 0 && now - lastProgress < PROGRESS_NANOS) {
            return;
        }
        lastProgress = now;
        OptionalInt ahead = ahead(share);
        if (ahead.isPresent() && ahead.getAsInt() + 1 < lowestPosition) {
            lowestPosition = ahead.getAsInt() + 1;
            client.comment(SseFrames.comment("queue {\"position\":" + lowestPosition + "}"));
        }
        ServedModel model = relay.catalog().find(request.task().model());
        if (!saidStarting && model != null && isStarting(model)) {
            saidStarting = true;
            client.comment(SseFrames.comment("model " + starting()));
        }
    }

    /// A task that is held back stands behind what waits already, and behind its key's own.
    private OptionalInt ahead(FairShares.Share share) {
        OptionalInt heldBefore = share.heldBefore();
        if (heldBefore.isEmpty()) {
            return relay.queue().ahead(request.task());
        }
        int waiting = relay.queue().depth(request.task().model()).waiting();
        return OptionalInt.of(waiting + heldBefore.getAsInt());
    }

    private String starting() {
        return relay.others()
                .lastStart(request.task().model())
                .map(
                        last ->
                                "{\"state\":\"starting\",\"lastStartSeconds\":"
                                        + last.toSeconds()
                                        + "}")
                .orElse("{\"state\":\"starting\"}");
    }

    /// One that rests or has failed is on no way to work: nobody is told that it starts.
    private static boolean isStarting(ServedModel model) {
        List<PoolStatus.State> states =
                model.pools().stream().map(pool -> pool.status().state()).toList();
        return !states.contains(PoolStatus.State.RUNNING)
                && (states.contains(PoolStatus.State.PENDING)
                        || states.contains(PoolStatus.State.SCALED_TO_ZERO));
    }
}
