// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import java.time.Instant;

/// A key as it was read at some time, in a form that a cache can hold.
///
/// @param asOf by the primary's clock: whatever was committed before is in it
public record DatedKey(StoredKey key, Instant asOf) {

    /// What [#parse] reads.
    public String text() {
        return asOf.toEpochMilli() + " " + key.text();
    }

    /// @throws IllegalArgumentException for a text of another version of this program
    public static DatedKey parse(String text) {
        int space = text.indexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException("not a key with its time");
        }
        return new DatedKey(
                StoredKey.parse(text.substring(space + 1)),
                Instant.ofEpochMilli(Long.parseLong(text, 0, space, 10)));
    }
}
