// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.platform.settings.Settings;
import io.uplion.store.key.IpRange;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a client is, seen past the proxies before us. What a proxy of ours adds to
/// `x-forwarded-for` is believed; what was in it before, only while those who added it are ours.
///
/// @param proxies ours
public record ClientAddress(List<IpRange> proxies) {
    private static final String PROXIES = "UPLION_ACCESS_TRUSTED_PROXIES";

    public static final ClientAddress NO_PROXIES = new ClientAddress(List.of());

    public ClientAddress {
        proxies = List.copyOf(proxies);
    }

    public static ClientAddress read(Settings settings) {
        String ranges = settings.text(PROXIES, "");
        try {
            return new ClientAddress(
                    Stream.of(ranges.split(","))
                            .map(String::strip)
                            .filter(range -> !range.isEmpty())
                            .map(IpRange::parse)
                            .toList());
        } catch (IllegalArgumentException e) {
            settings.refuse(PROXIES, String.valueOf(e.getMessage()));
            return NO_PROXIES;
        }
    }

    /// @param peer who is connected
    /// @param forwarded the header `x-forwarded-for`: each proxy has added its own peer at the end
    /// @return nothing where it cannot be known
    public Optional<InetAddress> of(@Nullable String peer, @Nullable String forwarded) {
        Optional<InetAddress> address = IpRange.address(peer);
        if (forwarded == null) {
            return address;
        }
        String[] before = forwarded.split(",", -1);
        for (int index = before.length - 1; index >= 0; index--) {
            if (address.filter(this::isOurs).isEmpty()) {
                return address;
            }
            address = IpRange.address(before[index].strip());
        }
        return address;
    }

    private boolean isOurs(InetAddress address) {
        return proxies.stream().anyMatch(proxy -> proxy.contains(address));
    }
}
