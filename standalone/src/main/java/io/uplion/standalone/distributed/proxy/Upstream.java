// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import java.net.URI;

/// One gateway behind the proxy.
///
/// @param url where it serves, without TLS: `http://127.0.0.1:20080`
/// @param readiness answers 200 while requests should be sent there
public record Upstream(String name, URI url, URI readiness) {
    public Upstream {
        if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getPort() <= 0) {
            throw new IllegalArgumentException("not an address of a gateway: " + url);
        }
    }
}
