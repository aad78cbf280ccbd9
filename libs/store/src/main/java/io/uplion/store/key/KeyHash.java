// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256 of a key. Four longs instead of an array: a value that cannot be changed and is its
/// own map key.
public record KeyHash(long first, long second, long third, long fourth) {

    public static KeyHash of(String text) {
        return of(sha256().digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /// Of any text, for what must be of one length and tell nothing.
    public static KeyHash ofUtf8(String text) {
        return of(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// @param stored the 32 bytes as they are stored
    public static KeyHash of(byte[] stored) {
        ByteBuffer digest = ByteBuffer.wrap(stored);
        return new KeyHash(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    /// The 32 bytes as they are stored.
    public byte[] toBytes() {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
