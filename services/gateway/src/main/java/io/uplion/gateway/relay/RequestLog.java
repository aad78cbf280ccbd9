// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.task.FromWorker.Failure;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

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

    /// How a request ended.
    ///
    /// @param status what the client heard, 0 where it had left; 200 in a stream that had begun
    /// @param code of the error that it heard, empty where none
    record End(String outcome, int status, String code, Attempts attempts) {}

    /// For example `upstream_error 500` or `timeout`.
    static String cause(Failure failure) {
        String kind = failure.kind().name().toLowerCase(Locale.ROOT);
        return failure.status().map(status -> kind + " " + status).orElse(kind);
    }

    static void ended(WaitingRequest request, End end, long nanos) {
        Level level = end.outcome().equals("completed") ? Level.DEBUG : Level.INFO;
        if (!LOG.isEnabledForLevel(level)) {
            return;
        }
        LoggingEventBuilder line =
                LOG.atLevel(level)
                        .addKeyValue("request", request.task().requestId())
                        .addKeyValue("model", request.task().model())
                        .addKeyValue("endpoint", request.task().endpoint().id())
                        .addKeyValue("user", request.principal().user())
                        .addKeyValue("outcome", end.outcome());
        if (end.status() > 0) {
            line = line.addKeyValue("status", end.status());
        }
        line = known(known(line, "code", end.code()), "pool", end.attempts().poolName());
        if (level == Level.INFO) {
            line = known(line, "cause", end.attempts().cause());
        }
        line.addKeyValue("attempts", end.attempts().count())
                .addKeyValue("millis", Duration.ofNanos(nanos).toMillis())
                .log("request ended");
    }

    private static LoggingEventBuilder known(LoggingEventBuilder line, String key, String value) {
        return value.isEmpty() ? line : line.addKeyValue(key, value);
    }
}
