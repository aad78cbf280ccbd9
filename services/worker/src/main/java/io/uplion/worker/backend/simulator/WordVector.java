// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.Locale;
import java.util.SplittableRandom;

/// A vector for a text, from its words alone: each word has its own few places in the vector. The
/// same text has the same vector, and texts that share words are closer than others. There is no
/// meaning in it.
final class WordVector {
    private static final int PLACES = 8;

    /// A longer one is several.
    private static final int MAX_WORD_CHARS = 64;

    private final double[] sum;
    private final StringBuilder word = new StringBuilder();

    private WordVector(int dimensions) {
        this.sum = new double[dimensions];
    }

    /// @return of length one
    static float[] of(Input input, int dimensions) {
        WordVector vector = new WordVector(dimensions);
        input.read(vector::add);
        return vector.unit();
    }

    /// A word is a run of letters and digits; any other sign is one by itself.
    private void add(int codePoint) {
        if (Character.isLetterOrDigit(codePoint)) {
            word.appendCodePoint(codePoint);
            if (word.length() >= MAX_WORD_CHARS) {
                endWord();
            }
            return;
        }
        endWord();
        if (!Character.isWhitespace(codePoint)) {
            word.appendCodePoint(codePoint);
            endWord();
        }
    }

    private void endWord() {
        if (!word.isEmpty()) {
            add(word.toString().toLowerCase(Locale.ROOT));
            word.setLength(0);
        }
    }

    private void add(String ended) {
        SplittableRandom places = new SplittableRandom(hash(ended));
        for (int i = 0; i < PLACES; i++) {
            sum[places.nextInt(sum.length)] += places.nextBoolean() ? 1 : -1;
        }
    }

    private float[] unit() {
        endWord();
        double square = 0;
        for (double value : sum) {
            square += value * value;
        }
        if (square == 0) {
            sum[0] = 1;
            square = 1;
        }
        float[] unit = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            unit[i] = (float) (sum[i] / Math.sqrt(square));
        }
        return unit;
    }

    /// FNV-1a over UTF-16: 64 bits, and the same on every machine.
    private static long hash(String word) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
