// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import java.time.Duration;

/// How a worker reaches gateways.
///
/// @param connect a connection that is not there after this time counts as unreachable
/// @param answer a gateway that has said nothing after this time is given up
/// @param unreachable a gateway that could not be reached is not tried again for this time
/// @param queuedBytes on one stream, for a gateway that does not read; one message may be larger
/// @param keepAlive a connection that is silent for so long is asked whether it lives. gRPC allows
///   no less than 10 s
/// @param keepAliveTimeout and is given up when it does not answer in this time
/// @param idle a connection without streams is closed after this time
/// @param maxIdle so many connections without streams are kept at most
public record GrpcReplyDeskConfig(
        Duration connect,
        Duration answer,
        Duration unreachable,
        long queuedBytes,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration idle,
        int maxIdle) {

    /// These find a dead gateway within 14 s.
    public static final GrpcReplyDeskConfig DEFAULT =
            new GrpcReplyDeskConfig(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    16 << 20,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(4),
                    Duration.ofMinutes(5),
                    64);
}
