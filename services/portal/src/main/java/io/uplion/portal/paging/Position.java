// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.paging;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// Where a page ends: the last thing on it, by when it came and its id. The next page begins behind
/// it, however many have come or gone meanwhile, and however long the list is.
public record Position(Instant at, UUID id) {
    private static final int BYTES = 3 * Long.BYTES;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    /// Before everything, as the newest comes first.
    public static final Position FIRST = new Position(LAST, new UUID(-1, -1));

    /// Nothing a client should read; [#parse] does.
    public String text() {
        ByteBuffer bytes =
                ByteBuffer.allocate(BYTES)
                        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, at))
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /// @return nothing, if [#text] did not make it
    public static Optional<Position> parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer read = ByteBuffer.wrap(bytes);
        long micros = read.getLong();
        // What PostgreSQL can tell apart, and no more than it can keep.
        if (micros < 0 || micros > ChronoUnit.MICROS.between(Instant.EPOCH, LAST)) {
            return Optional.empty();
        }
        return Optional.of(
                new Position(
                        Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
                        new UUID(read.getLong(), read.getLong())));
    }
}
