// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// Bytes that take little room: a stream says the same words over and over, and packs to a
/// twentieth. They have a checksum, so that half of them is not taken for the whole.
final class Packed {
    /// More than any outcome has: what stands in a store may not be ours.
    private static final int MOST_BYTES = 2 * Recording.MOST_BYTES;

    private Packed() {}

    static byte[] pack(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream to = new DeflaterOutputStream(packed, fast)) {
            to.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all", e);
        } finally {
            fast.end();
        }
        return packed.toByteArray();
    }

    /// @throws IOException for what [#pack] has not made
    static byte[] unpack(byte[] packed) throws IOException {
        try (InflaterInputStream from = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = from.readNBytes(MOST_BYTES);
            if (from.read() >= 0) {
                throw new IOException("what was packed is larger than anything that is kept");
            }
            return bytes;
        }
    }
}
