// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/// 128 random bits a task, drawn for many tasks at a time: the operating system is asked once, not
/// for each request. On one event loop.
final class Nonces {
    private static final int BYTES = 16;
    private static final int TASKS = 128;

    private final SecureRandom random = new SecureRandom();
    private final byte[] block = new byte[TASKS * BYTES];
    private int next = block.length;

    /// In a time that does not depend on where they differ.
    static boolean same(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII),
                given.getBytes(StandardCharsets.UTF_8));
    }

    String next() {
        if (next == block.length) {
            random.nextBytes(block);
            next = 0;
        }
        String nonce = HexFormat.of().formatHex(block, next, next + BYTES);
        next += BYTES;
        return nonce;
    }
}
