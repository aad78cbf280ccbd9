// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionOptionsTest {
    /// A token is a packet of its own: none may wait for the one before it to be acknowledged.
    @Test
    void connectionsToProvidersDoNotGatherSmallPackets() {
        try (var talk = new ProviderTalk()) {
            assertThat(OpenAiBackend.options(talk.config(List.of())).isTcpNoDelay()).isTrue();
        }
    }
}
