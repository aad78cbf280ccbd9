// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.Decision.Allowed;
import io.uplion.access.Decision.Denied;
import io.uplion.access.Decision.Reason;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.store.key.ApiKey;
import io.uplion.store.key.IpRange;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ApiKey key = ApiKey.generate(new SecureRandom());

    @Test
    void aRolledKeyWorksUntilItsOverlapEnds() {
        assertThat(decide(TestKeys.of(key).rolled(NOW.plusMillis(1)), Scope.INFERENCE, null))
                .isInstanceOf(Allowed.class);
        assertThat(decide(TestKeys.of(key).rolled(NOW), Scope.INFERENCE, null))
                .isEqualTo(new Denied(Reason.ROLLED));
    }

    @Test
    void aKeyIsForItsScopeOnly() {
        var managing = TestKeys.of(key).scope(Scope.MANAGEMENT);

        assertThat(decide(managing, Scope.INFERENCE, null)).isEqualTo(new Denied(Reason.SCOPE));
        assertThat(decide(managing, Scope.MANAGEMENT, null)).isInstanceOf(Allowed.class);
        assertThat(decide(TestKeys.of(key), Scope.MANAGEMENT, null))
                .isEqualTo(new Denied(Reason.SCOPE));
    }

    @Test
    void aKeyIsUsedFromItsAddressesOnly() {
        var here = TestKeys.of(key).from("192.0.2.0/24", "2001:db8::/32");

        assertThat(decide(here, Scope.INFERENCE, "192.0.2.9")).isInstanceOf(Allowed.class);
        assertThat(decide(here, Scope.INFERENCE, "2001:db8::9")).isInstanceOf(Allowed.class);
        assertThat(decide(here, Scope.INFERENCE, "198.51.100.1"))
                .isEqualTo(new Denied(Reason.ADDRESS));
        assertThat(decide(here, Scope.INFERENCE, null))
                .as("unknown is never yes")
                .isEqualTo(new Denied(Reason.ADDRESS));
    }

    @Test
    void anEndedKeyIsNotToldWhereItMightWork() {
        var ended = TestKeys.of(key).from("192.0.2.0/24").revoked(NOW);

        assertThat(decide(ended, Scope.MANAGEMENT, null)).isEqualTo(new Denied(Reason.REVOKED));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "198.51.100.1, -, 198.51.100.1",
                "198.51.100.1, '192.0.2.1', 198.51.100.1",
                "127.0.0.1, '192.0.2.1', 192.0.2.1",
                "127.0.0.1, '192.0.2.66, 192.0.2.1', 192.0.2.1",
                "127.0.0.1, '192.0.2.66, 10.0.0.5 , 10.0.0.6', 192.0.2.66",
                "127.0.0.1, 'somewhere', -",
                "127.0.0.1, '192.0.2.66, unknown', -",
                "127.0.0.1, '', -",
                "-, '192.0.2.66', -"
            })
    void aClientIsSeenPastOurProxiesAndNoFurther(String peer, String forwarded, String client) {
        var clients =
                new ClientAddress(
                        List.of(IpRange.parse("127.0.0.0/8"), IpRange.parse("10.0.0.0/8")));

        assertThat(clients.of(peer, forwarded)).isEqualTo(IpRange.address(client));
    }

    private Decision decide(TestKeys asked, Scope scope, String address) {
        var question =
                new Question(new Credentials.Key(key.secret()), IpRange.address(address), scope);
        return KeyRules.decide(asked.stored(), question, NOW);
    }
}
