// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedNetworksTest {
    private static final AllowedNetworks NONE = AllowedNetworks.parse(List.of());
    private static final AllowedNetworks ALL = AllowedNetworks.parse(List.of("0.0.0.0/0", "::/0"));

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "1.1.1.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.167.1.1",
                "100.63.0.1",
                "100.128.0.1",
                "2606:4700::1111",
                "::ffff:8.8.8.8",
            })
    void publicAddressesAreAlwaysAllowed(String literal) {
        assertThat(NONE.allows(address(literal))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "192.0.0.8",
                "198.18.0.1",
                "240.0.0.1",
                "::1",
                "fd12:3456::1",
                "fc00::1",
                "fec0::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "64:ff9b::10.0.0.1",
                "2002:0a00:0001::1",
            })
    void privateAddressesAreAllowedByTheListOnly(String literal) {
        assertThat(NONE.allows(address(literal))).as("not by default").isFalse();
        assertThat(ALL.allows(address(literal))).as("by the list").isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "::ffff:169.254.169.254",
                "::ffff:a9fe:a9fe",
                "64:ff9b::169.254.169.254",
                "fe80::1",
                "fd00:ec2::254",
                "fd20:ce::254",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "224.0.0.1",
                "255.255.255.255",
                "ff02::1",
            })
    void metadataAndLinkLocalAddressesAreNeverAllowed(String literal) {
        assertThat(NONE.allows(address(literal))).isFalse();
        assertThat(ALL.allows(address(literal))).as("whatever the list says").isFalse();
    }

    @Test
    void listAllowsItsNetworksAndNoOthers() {
        var networks = AllowedNetworks.parse(List.of(" 192.168.4.0/22 ", "", "fd12::/16"));

        assertThat(networks.allows(address("192.168.4.1"))).isTrue();
        assertThat(networks.allows(address("192.168.7.255"))).isTrue();
        assertThat(networks.allows(address("192.168.8.0"))).isFalse();
        assertThat(networks.allows(address("192.168.3.255"))).isFalse();
        assertThat(networks.allows(address("fd12:1::1"))).isTrue();
        assertThat(networks.allows(address("fd13::1"))).isFalse();
        assertThat(networks.allows(address("127.0.0.1"))).isFalse();
    }

    @Test
    void loopbackIsWhatALaptopAllows() {
        var laptop = AllowedNetworks.parse(AllowedNetworks.LOOPBACK);

        assertThat(laptop.allows(address("127.0.0.1"))).isTrue();
        assertThat(laptop.allows(address("::1"))).isTrue();
        assertThat(laptop.allows(address("192.168.0.1"))).isFalse();
    }

    @Test
    void networkOfOneAddressIsOne() {
        var one = AllowedNetworks.parse(List.of("10.1.2.3/32"));

        assertThat(one.allows(address("10.1.2.3"))).isTrue();
        assertThat(one.allows(address("10.1.2.2"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "/8",
                "localhost/8",
                "::/129",
                "10.0.0/8/8",
            })
    void whatIsNoNetworkIsSaid(String text) {
        assertThatThrownBy(() -> AllowedNetworks.parse(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }
}
