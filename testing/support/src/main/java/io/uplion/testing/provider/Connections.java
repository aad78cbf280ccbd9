// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/// Rude ways to end a request.
final class Connections {
    private static final long INTERNAL_ERROR = 2;

    private Connections() {}

    /// A TCP reset; over HTTP/2 a reset of this stream, because a provider that fails one request
    /// does not take the others on the connection along.
    static void reset(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(INTERNAL_ERROR);
            return;
        }
        // Vert.x has no call for it, and the option for the whole server would make every close a
        // reset. Closing with zero linger is what makes the kernel send RST.
        Channel channel = ((ConnectionBase) request.connection()).channel();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    /// An orderly TCP close in the middle of the answer.
    static void hangUp(HttpServerRequest request) {
        request.connection().close();
    }
}
