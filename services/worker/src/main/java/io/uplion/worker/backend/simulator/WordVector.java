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

    private WordVector() {}

    /// @return of length one
    static float[] of(String text, int dimensions) {
        double[] sum = new double[dimensions];
        for (String piece : Pieces.of(text)) {
            add(sum, piece.strip().toLowerCase(Locale.ROOT));
        }
        double square = 0;
        for (double value : sum) {
            square += value * value;
        }
        if (square == 0) {
            sum[0] = 1;
            square = 1;
        }
        float[] unit = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            unit[i] = (float) (sum[i] / Math.sqrt(square));
        }
        return unit;
    }

    private static void add(double[] sum, String word) {
        SplittableRandom places = new SplittableRandom(hash(word));
        for (int i = 0; i < PLACES; i++) {
            sum[places.nextInt(sum.length)] += places.nextBoolean() ? 1 : -1;
        }
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
