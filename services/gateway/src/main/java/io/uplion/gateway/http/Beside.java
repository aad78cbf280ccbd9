// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.vertx.core.http.HttpServerRequest;

/// What else is served on the gateway's port, where several services are one process.
@FunctionalInterface
public interface Beside {
    Beside NOTHING = _ -> false;

    /// On the request's event loop.
    ///
    /// @return whether it answers the request, now or later
    boolean serve(HttpServerRequest request);
}
