// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which addresses that are not public a worker may call. Metadata services and link-local
/// addresses are never called, whatever the list says: they hand out the machine's own credentials.
public record AllowedNetworks(List<Network> networks) {
    private static final List<Network> NEVER =
            List.of(
                    Network.parse("169.254.0.0/16"),
                    Network.parse("fe80::/10"),
                    Network.parse("fd00:ec2::/32"),
                    Network.parse("fd20:ce::/32"),
                    Network.parse("0.0.0.0/8"),
                    Network.parse("224.0.0.0/4"),
                    Network.parse("255.255.255.255/32"),
                    Network.parse("ff00::/8"),
                    Network.parse("::/128"),
                    Network.parse("100.100.100.200/32"),
                    Network.parse("168.63.129.16/32"),
                    Network.parse("192.0.0.192/32"));

    private static final List<Network> NOT_PUBLIC =
            List.of(
                    Network.parse("127.0.0.0/8"),
                    Network.parse("::1/128"),
                    Network.parse("10.0.0.0/8"),
                    Network.parse("172.16.0.0/12"),
                    Network.parse("192.168.0.0/16"),
                    Network.parse("100.64.0.0/10"),
                    Network.parse("192.0.0.0/24"),
                    Network.parse("198.18.0.0/15"),
                    Network.parse("240.0.0.0/4"),
                    Network.parse("fc00::/7"),
                    Network.parse("fec0::/10"));

    /// Addresses that carry an IPv4 address for a gateway on the way, by where it stands in them:
    /// NAT64, 6to4, and the old compatible form.
    private static final Map<Network, Integer> CARRIERS =
            Map.of(
                    Network.parse("64:ff9b::/96"), 12,
                    Network.parse("2002::/16"), 2,
                    Network.parse("::/96"), 12);

    public static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");

    public AllowedNetworks {
        networks = List.copyOf(networks);
    }

    /// @param cidrs for example `192.168.0.0/16`
    /// @throws IllegalArgumentException with words for a person
    public static AllowedNetworks parse(List<String> cidrs) {
        return new AllowedNetworks(
                cidrs.stream().filter(cidr -> !cidr.isBlank()).map(Network::parse).toList());
    }

    public boolean allows(InetAddress address) {
        return allowsItself(address) && carried(address).map(this::allowsItself).orElse(true);
    }

    private static Optional<InetAddress> carried(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Optional.empty();
        }
        return CARRIERS.entrySet().stream()
                .filter(carrier -> carrier.getKey().contains(address))
                .map(carrier -> inside(address.getAddress(), carrier.getValue()))
                .findFirst();
    }

    private static InetAddress inside(byte[] address, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private boolean allowsItself(InetAddress address) {
        if (NEVER.stream().anyMatch(network -> network.contains(address))) {
            return false;
        }
        return NOT_PUBLIC.stream().noneMatch(network -> network.contains(address))
                || networks.stream().anyMatch(network -> network.contains(address));
    }
}
