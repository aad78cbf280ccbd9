// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.worker.network.PinnedHost.AddressException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinnedHostTest {
    private static final AllowedNetworks LAPTOP = AllowedNetworks.parse(AllowedNetworks.LOOPBACK);

    private static InetAddress address(String host, AllowedNetworks allowed) {
        return new PinnedHost(host, allowed).address().toCompletableFuture().join();
    }

    @Test
    void allowedAddressIsTheAnswer() {
        assertThat(address("127.0.0.1", LAPTOP)).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
        assertThat(address("[::1]", LAPTOP)).isEqualTo(InetAddress.ofLiteral("::1"));
        assertThat(address("localhost", LAPTOP).isLoopbackAddress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "[fe80::1]",
                "[::ffff:169.254.169.254]",
                "10.0.0.1",
                "0.0.0.0",
            })
    void forbiddenAddressIsTheOperatorsAffair(String host) {
        assertThatThrownBy(() -> address(host, LAPTOP))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        AddressException.class,
                        e -> {
                            assertThat(e.isForbidden()).isTrue();
                            assertThat(e).hasMessageContaining("UPLION_WORKER_ALLOWED_NETWORKS");
                        });
    }

    @Test
    void nameWithoutAnAddressIsNotForbidden() {
        assertThatThrownBy(() -> address("no-such-host.invalid", LAPTOP))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        AddressException.class, e -> assertThat(e.isForbidden()).isFalse());
    }

    @Test
    void nameThatLeadsToAForbiddenAddressIsForbidden() {
        assertThatThrownBy(() -> address("localhost", AllowedNetworks.parse(List.of())))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(AddressException.class);
    }

    @Test
    void answerIsKeptForAWhile() {
        var host = new PinnedHost("127.0.0.1", LAPTOP);
        host.address().toCompletableFuture().join();

        assertThat(host.address().toCompletableFuture()).isDone();
    }
}
