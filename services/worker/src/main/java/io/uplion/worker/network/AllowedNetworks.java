// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.network;

import java.net.InetAddress;
import java.util.List;

/// Which addresses that are not public a worker may call. Metadata services and link-local
/// addresses are never called, whatever the list says: they hand out the machine's own credentials.
public record AllowedNetworks(List<Network> networks) {
    private static final List<Network> NEVER =
            List.of(
                    Network.parse("169.254.0.0/16"),
                    Network.parse("fe80::/10"),
                    Network.parse("fd00:ec2::/32"),
                    Network.parse("0.0.0.0/8"),
                    Network.parse("224.0.0.0/4"),
                    Network.parse("255.255.255.255/32"),
                    Network.parse("ff00::/8"),
                    Network.parse("::/128"),
                    Network.parse("100.100.100.200/32"));

    private static final List<Network> NOT_PUBLIC =
            List.of(
                    Network.parse("127.0.0.0/8"),
                    Network.parse("::1/128"),
                    Network.parse("10.0.0.0/8"),
                    Network.parse("172.16.0.0/12"),
                    Network.parse("192.168.0.0/16"),
                    Network.parse("100.64.0.0/10"),
                    Network.parse("fc00::/7"));

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
        if (NEVER.stream().anyMatch(network -> network.contains(address))) {
            return false;
        }
        return NOT_PUBLIC.stream().noneMatch(network -> network.contains(address))
                || networks.stream().anyMatch(network -> network.contains(address));
    }
}
