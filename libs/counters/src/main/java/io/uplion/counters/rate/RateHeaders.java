// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import java.time.Duration;
import java.util.Map;

/// How it stands with a limit, in the headers that OpenAI's clients know.
public final class RateHeaders {
    private RateHeaders() {}

    /// @param what is counted: `requests` or `tokens`
    public static Map<String, String> of(String what, Standing standing) {
        return Map.of(
                "x-ratelimit-limit-" + what, Long.toString(standing.limit()),
                "x-ratelimit-remaining-" + what, Long.toString(standing.remaining()),
                "x-ratelimit-reset-" + what, goDuration(standing.resetAfter()));
    }

    /// As Go prints durations: `120ms`, `1.5s`, `6m0s`, `1h0m2s`; rounded up to milliseconds.
    static String goDuration(Duration duration) {
        long millis = Math.ceilDiv(duration.toNanos(), 1_000_000L);
        if (millis < 1000) {
            return millis == 0 ? "0s" : millis + "ms";
        }
        long minutes = millis / 60_000;
        String seconds = seconds(millis % 60_000);
        if (minutes == 0) {
            return seconds;
        }
        long hours = minutes / 60;
        return (hours > 0 ? hours + "h" : "") + minutes % 60 + "m" + seconds;
    }

    private static String seconds(long millis) {
        String text = Long.toString(millis / 1000);
        long rest = millis % 1000;
        if (rest > 0) {
            text += "." + decimals(rest);
        }
        return text + "s";
    }

    /// Three digits, without zeros at their end.
    private static String decimals(long rest) {
        String digits = Long.toString(1000 + rest);
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(1, end);
    }
}
