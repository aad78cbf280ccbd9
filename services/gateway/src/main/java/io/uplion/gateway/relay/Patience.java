// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.catalog.live.PoolStatus;
import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.admission.DrainRates;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/// How long one client can be kept waiting for a worker.
final class Patience {
    private final long deadline;
    private final Duration waited;

    Patience(WaitingRequest request, GatewayConfig config) {
        Duration wait = request.patience();
        Duration unstreamed = config.times().unstreamedWait();
        boolean silent = !request.task().stream();
        this.waited = silent && unstreamed.compareTo(wait) < 0 ? unstreamed : wait;
        this.deadline = request.acceptedAt() + waited.toNanos();
    }

    boolean isOver(long now) {
        return now - deadline >= 0;
    }

    /// Whether the client would give up before the model comes back.
    boolean endsBefore(PoolStatus outage, long now, Instant instant) {
        return outage.retryAt()
                .map(at -> Duration.between(instant, at).toNanos() > deadline - now)
                .orElse(true);
    }

    /// @param others that wait for the model
    OpenAiError refusal(DrainRates rates, String model, int others) {
        return ErrorCode.QUEUE_TIMEOUT
                .error("No worker was free for this request within " + seconds() + " s.")
                .retryAfter(rates.untilInTime(model, others, waited));
    }

    private String seconds() {
        return BigDecimal.valueOf(waited.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
