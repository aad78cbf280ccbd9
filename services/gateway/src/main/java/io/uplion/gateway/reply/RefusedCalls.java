// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.reply;

import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls that are closed because they make no sense. Anybody who reaches the port can make them, so
/// the log says it once in a while.
final class RefusedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedCalls.class);
    private static final long LOG_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - LOG_NANOS);

    Status malformed(ServerCall<?, ?> call, String why) {
        long count = refused.incrementAndGet();
        long now = System.nanoTime();
        long last = loggedAt.get();
        if (now - last >= LOG_NANOS && loggedAt.compareAndSet(last, now)) {
            LOG.atWarn()
                    .addKeyValue("peer", call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                    .addKeyValue("why", why)
                    .addKeyValue("refused", count)
                    .log("a reply stream made no sense and was closed");
        }
        return Status.INVALID_ARGUMENT.withDescription(why);
    }
}
