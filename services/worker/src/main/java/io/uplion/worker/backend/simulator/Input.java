// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.openai.TextInPlace;
import java.util.function.IntConsumer;

/// One text to be completed or embedded, where it stands in the body.
///
/// @param at where its opening quote stands, or the bracket before its token ids
/// @param ids how many token ids there are, 0 for text
record Input(byte[] bytes, int at, int ids) {
    static Input text(byte[] bytes, int at) {
        return new Input(bytes, at, 0);
    }

    static Input ids(byte[] bytes, int at, int count) {
        return new Input(bytes, at, count);
    }

    boolean isEmpty() {
        return ids == 0 && bytes[at + 1] == '"';
    }

    long tokens() {
        return ids == 0 ? TextInPlace.tokens(bytes, at) : ids;
    }

    /// The text's characters; for token ids, the ids as words.
    void read(IntConsumer codePoints) {
        if (ids == 0) {
            TextInPlace.read(bytes, at, codePoints);
            return;
        }
        for (int i = at + 1; bytes[i] != ']'; i++) {
            codePoints.accept(bytes[i] == ',' ? ' ' : bytes[i]);
        }
    }

    /// No more than is ever quoted.
    String beginning() {
        if (ids == 0) {
            return beginning(Messages.TEXT_CHARS);
        }
        StringBuilder words = new StringBuilder();
        for (int i = at + 1; bytes[i] != ']' && words.length() < Messages.TEXT_CHARS; i++) {
            words.append(bytes[i] == ',' ? ' ' : (char) bytes[i]);
        }
        return words.toString();
    }

    /// Of a text.
    String beginning(int mostChars) {
        return TextInPlace.beginning(bytes, at, mostChars);
    }
}
