// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.settings.Settings;
import io.uplion.platform.settings.Settings.SettingsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayServiceConfigTest {
    private static GatewayServiceConfig read(Map<String, String> given) {
        var environment = new HashMap<String, String>();
        environment.put("UPLION_IDENTITY_SECRET", "0123456789abcdef0123456789abcdef");
        environment.put("UPLION_GATEWAY_CLAIM_SECRET", "0123456789abcdef0123456789abcdef");
        environment.put("UPLION_REDIS_URL", "redis://127.0.0.1:6379");
        environment.putAll(given);
        return GatewayServiceConfig.read(new Settings(environment));
    }

    @Test
    void drainFollowsFromTheModelsUnlessItIsGiven() {
        assertThat(read(Map.of()).gateway().times().drain()).isEmpty();
        assertThat(read(Map.of("UPLION_GATEWAY_DRAIN", "7s")).gateway().times().drain())
                .contains(Duration.ofSeconds(7));
    }

    /// What it serves could not be billed: nobody would believe its claims.
    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcdef0123456789abcde"})
    void gatewayThatCannotSignClaimsDoesNotStart(String secret) {
        assertThatThrownBy(() -> read(Map.of("UPLION_GATEWAY_CLAIM_SECRET", secret)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("UPLION_GATEWAY_CLAIM_SECRET")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("0123456789"));
    }

    /// Else every body between the broker's limit and this one would be refused, one by one.
    @Test
    void bodyThatNoBrokerTakesInOneMessageIsAnErrorAtTheStart() {
        assertThatThrownBy(() -> read(Map.of("UPLION_GATEWAY_INLINE_BODY", "5MiB")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("UPLION_GATEWAY_INLINE_BODY")
                .hasMessageContaining("5177344");
        var largest = read(Map.of("UPLION_GATEWAY_INLINE_BODY", "5177344"));
        assertThat(largest.gateway().relay().inlineBodyBytes()).isEqualTo(5177344);
    }
}
