// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.postgresql.copy.CopyIn;

/// Rows in the binary form of PostgreSQL's `COPY`: each field is its length and its bytes, as the
/// type's own receive function reads them.
final class BinaryCopy {
    private static final byte[] SIGNATURE = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
    };
    private static final int CHUNK = 1 << 16;
    private static final int NULL = -1;
    private static final int BIGINT = 20;

    /// Where PostgreSQL's times begin.
    private static final Instant BEGIN = Instant.parse("2000-01-01T00:00:00Z");

    private final CopyIn copy;
    private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK);

    BinaryCopy(CopyIn copy) {
        this.copy = copy;
        // No flags, no more of a header.
        bytes.put(SIGNATURE).putInt(0).putInt(0);
    }

    BinaryCopy row(int fields) throws SQLException {
        room(Short.BYTES).putShort((short) fields);
        return this;
    }

    BinaryCopy integer(int value) throws SQLException {
        room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
        return this;
    }

    BinaryCopy bigint(long value) throws SQLException {
        room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
        return this;
    }

    BinaryCopy bigints(long... values) throws SQLException {
        int each = Integer.BYTES + Long.BYTES;
        int length = 5 * Integer.BYTES + values.length * each;
        ByteBuffer out = room(Integer.BYTES + length).putInt(length);
        // One dimension without nulls, that begins at 1.
        out.putInt(1).putInt(0).putInt(BIGINT).putInt(values.length).putInt(1);
        for (long value : values) {
            out.putInt(Long.BYTES).putLong(value);
        }
        return this;
    }

    BinaryCopy uuid(UUID value) throws SQLException {
        room(Integer.BYTES + 2 * Long.BYTES)
                .putInt(2 * Long.BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits());
        return this;
    }

    BinaryCopy timestamp(Instant value) throws SQLException {
        return bigint(ChronoUnit.MICROS.between(BEGIN, value));
    }

    BinaryCopy text(String value) throws SQLException {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        room(Integer.BYTES).putInt(text.length);
        if (text.length > CHUNK) {
            flush();
            copy.writeToCopy(text, 0, text.length);
        } else {
            room(text.length).put(text);
        }
        return this;
    }

    BinaryCopy nothing() throws SQLException {
        room(Integer.BYTES).putInt(NULL);
        return this;
    }

    void end() throws SQLException {
        room(Short.BYTES).putShort((short) NULL);
        flush();
        copy.endCopy();
    }

    private ByteBuffer room(int length) throws SQLException {
        if (bytes.remaining() < length) {
            flush();
        }
        return bytes;
    }

    private void flush() throws SQLException {
        copy.writeToCopy(bytes.array(), 0, bytes.position());
        bytes.clear();
    }
}
