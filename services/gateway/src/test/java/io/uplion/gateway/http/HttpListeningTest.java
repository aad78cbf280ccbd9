// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.GatewayConfig;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpListeningTest {
    /// A token is a packet of its own: none may wait for the one before it to be acknowledged.
    @Test
    void connectionsOfClientsDoNotGatherSmallPackets() {
        var address = new GatewayConfig.Address("127.0.0.1", 0, Optional.empty());

        assertThat(HttpListening.options(address).isTcpNoDelay()).isTrue();
    }
}
