// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.ArrayList;
import java.util.List;

/// Text after `max_tokens` and `stop` have had their say.
record Limited(List<String> pieces, Finish finish) {

    /// @param ending what an answer says that comes to its own end
    static Limited of(List<String> pieces, Limits limits, Finish ending) {
        if (pieces.size() > limits.maxTokens()) {
            return new Limited(pieces.subList(0, (int) limits.maxTokens()), Finish.LENGTH)
                    .before(limits.stops());
        }
        return new Limited(pieces, ending).before(limits.stops());
    }

    /// Sequences are looked for in the text and not in its pieces: one may span several.
    private Limited before(List<String> stops) {
        if (stops.isEmpty()) {
            return this;
        }
        String text = String.join("", pieces);
        int end = text.length();
        for (String stop : stops) {
            int at = text.indexOf(stop);
            if (at >= 0 && at < end) {
                end = at;
            }
        }
        return end == text.length() ? this : new Limited(upTo(whole(text, end)), Finish.STOP);
    }

    /// Half a surrogate pair cannot be written as UTF-8.
    private static int whole(String text, int end) {
        return end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    private List<String> upTo(int end) {
        List<String> kept = new ArrayList<>();
        int length = 0;
        for (String piece : pieces) {
            if (length >= end) {
                break;
            }
            kept.add(piece.substring(0, Math.min(piece.length(), end - length)));
            length += piece.length();
        }
        return kept;
    }
}
