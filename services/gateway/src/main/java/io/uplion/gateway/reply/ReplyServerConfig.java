// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.reply;

import java.time.Duration;

/// How workers reach a gateway.
///
/// @param port 0 for any
/// @param maxAnswerBytes the largest answer in one piece that a worker may give
/// @param keepAlive a connection that is silent for so long is asked whether it lives. gRPC allows
///   no less than 10 s
/// @param keepAliveTimeout and is given up when it does not answer in this time
/// @param drain running streams may end so long after the server was told to close
public record ReplyServerConfig(
        String host,
        int port,
        int maxAnswerBytes,
        Duration keepAlive,
        Duration keepAliveTimeout,
        Duration drain) {

    /// A worker's largest answer by default.
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    /// These find a dead worker within 14 s.
    public static ReplyServerConfig at(String host, int port) {
        return new ReplyServerConfig(
                host,
                port,
                MAX_ANSWER_BYTES,
                Duration.ofSeconds(10),
                Duration.ofSeconds(4),
                Duration.ofSeconds(1));
    }

    public ReplyServerConfig withMaxAnswerBytes(int bytes) {
        return new ReplyServerConfig(host, port, bytes, keepAlive, keepAliveTimeout, drain);
    }
}
