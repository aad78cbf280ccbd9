// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One line for each request that ended. Those that went well are for the debug level: at full
/// speed writing them costs more than serving them.
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.uplion.gateway.requests");

    private RequestLog() {}

    static void crashed(WaitingRequest request, Throwable fault) {
        LOG.atError()
                .setCause(fault)
                .addKeyValue("request", request.task().requestId())
                .log("a waiting request met a fault of ours");
    }

    static void ended(WaitingRequest request, String outcome, int attempts, long nanos) {
        Level level = outcome.equals("completed") ? Level.DEBUG : Level.INFO;
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        LOG.atLevel(level)
                .addKeyValue("request", request.task().requestId())
                .addKeyValue("model", request.task().model())
                .addKeyValue("endpoint", request.task().endpoint().id())
                .addKeyValue("user", request.principal().user())
                .addKeyValue("outcome", outcome)
                .addKeyValue("attempts", attempts)
                .addKeyValue("millis", Duration.ofNanos(nanos).toMillis())
                .log("request ended");
    }
}
