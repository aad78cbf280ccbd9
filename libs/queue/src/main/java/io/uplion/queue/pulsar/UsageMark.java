// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A message among usage records that is none: who has published it learns by it that all before it
/// was taken.
///
/// @param owner a word that only its owner knows
record UsageMark(String owner, long number) {
    /// No usage record begins like this: they begin with hexadecimal digits.
    private static final Pattern FORM = Pattern.compile("mark ([-0-9a-f]{1,100}) (\\d{1,18})\n");

    private static final int MOST = 200;

    byte[] write() {
        return ("mark " + owner + " " + number + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    static Optional<UsageMark> read(byte[] message) {
        if (message.length > MOST) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(new String(message, StandardCharsets.US_ASCII));
        return parts.matches()
                ? Optional.of(new UsageMark(parts.group(1), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    boolean isOf(String who) {
        return owner.equals(who);
    }
}
