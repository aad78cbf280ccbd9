// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteStreamWriter;

/// What a real server reads is LedgerIT's matter; here is what it never gets in one test: texts at
/// the edges of the buffer.
class BinaryCopyTest {
    private static final int HEADER = 19;

    @Test
    void fieldsOfAnyLengthGoThroughWholeAndInOrder() throws Exception {
        for (int length : new int[] {0, 1, 60_000, 65_535, 65_536, 65_537, 200_000}) {
            var sent = new Sent();
            var rows = new BinaryCopy(sent);
            var text = "é".repeat(length / 2) + "x".repeat(length % 2);
            for (int i = 0; i < 3; i++) {
                rows.row(3).text(text).uuid(new UUID(i, 7)).nothing();
            }
            rows.end();

            var in = new DataInputStream(new ByteArrayInputStream(sent.bytes.toByteArray()));
            in.skipNBytes(HEADER);
            for (int i = 0; i < 3; i++) {
                assertThat(in.readShort()).isEqualTo((short) 3);
                assertThat(new String(field(in), StandardCharsets.UTF_8)).isEqualTo(text);
                assertThat(in.readInt()).isEqualTo(16);
                assertThat(new UUID(in.readLong(), in.readLong())).isEqualTo(new UUID(i, 7));
                assertThat(in.readInt()).isEqualTo(-1);
            }
            assertThat(in.readShort()).isEqualTo((short) -1);
            assertThat(in.available()).isZero();
            assertThat(sent.isActive()).isFalse();
        }
    }

    private static byte[] field(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    /// Keeps what it is given.
    private static final class Sent implements CopyIn {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean active = true;

        @Override
        public void writeToCopy(byte[] buffer, int from, int length) {
            bytes.write(buffer, from, length);
        }

        @Override
        public void writeToCopy(ByteStreamWriter from) throws SQLException {
            throw new SQLException("it is not asked for this");
        }

        @Override
        public void flushCopy() {
            // What it has, it has.
        }

        @Override
        public long endCopy() {
            active = false;
            return 0;
        }

        @Override
        public int getFieldCount() {
            return 0;
        }

        @Override
        public int getFormat() {
            return 1;
        }

        @Override
        public int getFieldFormat(int field) {
            return 1;
        }

        @Override
        public boolean isActive() {
            return active;
        }

        @Override
        public void cancelCopy() {
            active = false;
        }

        @Override
        public long getHandledRowCount() {
            return 0;
        }
    }
}
