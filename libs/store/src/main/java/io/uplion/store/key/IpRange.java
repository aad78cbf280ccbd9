// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Addresses that begin with the same bits, for example `192.0.2.0/24` or `2001:db8::/32`.
public record IpRange(InetAddress first, int prefix) {
    /// What `InetAddress` would take as a literal too: `1`, `10.1`, `1.2.3`.
    private static final Pattern WHOLE_IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");

    /// An address alone is a range of one.
    ///
    /// @throws IllegalArgumentException with words for a person
    public static IpRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        InetAddress first =
                address(address)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                quoted(text) + " is no address"));
        int bits = first.getAddress().length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    quoted(text) + " must end in /0 to /" + bits + ", or in nothing");
        }
        IpRange range = new IpRange(first, prefix);
        if (!Arrays.equals(masked(first.getAddress(), prefix), first.getAddress())) {
            throw new IllegalArgumentException(
                    quoted(text)
                            + " has bits behind its prefix; meant is perhaps "
                            + range.whole());
        }
        return range;
    }

    /// Looks nothing up: what is no literal is no address.
    public static Optional<InetAddress> address(@Nullable String text) {
        if (text == null || !(text.indexOf(':') >= 0 || WHOLE_IPV4.matcher(text).matches())) {
            return Optional.empty();
        }
        int zone = text.indexOf('%');
        try {
            return Optional.of(InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == first.getAddress().length
                && Arrays.equals(masked(bytes, prefix), first.getAddress());
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + prefix;
    }

    private String whole() {
        try {
            byte[] masked = masked(first.getAddress(), prefix);
            return InetAddress.getByAddress(masked).getHostAddress() + "/" + prefix;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("it has the length of an address", e);
        }
    }

    private static int prefix(String text) {
        return PREFIX.matcher(text).matches() ? Integer.parseInt(text) : -1;
    }

    private static byte[] masked(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int index = 0; index < masked.length; index++) {
            int kept = Math.clamp(prefix - index * 8L, 0, 8);
            masked[index] &= (byte) (0xFF << (8 - kept));
        }
        return masked;
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }
}
