// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.network;

import java.net.InetAddress;
import java.util.Arrays;

/// An IP network such as `10.0.0.0/8`.
record Network(byte[] address, int prefix) {

    static Network parse(String cidr) {
        String[] parts = cidr.strip().split("/", -1);
        if (parts.length != 2) {
            throw wrong(cidr);
        }
        try {
            byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
            int prefix = Integer.parseInt(parts[1]);
            if (prefix < 0 || prefix > address.length * 8) {
                throw wrong(cidr);
            }
            return new Network(address, prefix);
        } catch (IllegalArgumentException e) {
            throw wrong(cidr);
        }
    }

    private static IllegalArgumentException wrong(String cidr) {
        return new IllegalArgumentException(cidr + " is not a network such as 192.168.0.0/16");
    }

    boolean contains(InetAddress other) {
        byte[] bytes = other.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        int whole = prefix / 8;
        if (!Arrays.equals(address, 0, whole, bytes, 0, whole)) {
            return false;
        }
        int rest = prefix % 8;
        int mask = rest == 0 ? 0 : 0xff << (8 - rest);
        return rest == 0 || ((address[whole] ^ bytes[whole]) & mask & 0xff) == 0;
    }
}
