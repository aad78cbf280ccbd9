// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.uplion.gateway.GatewayConfig;
import java.time.Duration;
import java.util.List;

/// @param address where clients connect
/// @param idle as the gateways': a connection without a request is closed after this
/// @param slowClient a client that takes nothing for so long is cut off
public record ProxyConfig(
        GatewayConfig.Address address,
        Duration idle,
        Duration slowClient,
        List<Upstream> gateways,
        List<Upstream> portals) {
    public ProxyConfig {
        gateways = List.copyOf(gateways);
        portals = List.copyOf(portals);
    }
}
