// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.queue.KeptLetters.KeptLetter;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The few letters that are shown, out of all that there are. It holds no more than those.
final class LetterSelection implements Consumer<KeptLetter> {
    private static final Comparator<KeptLetter> OLDEST_FIRST =
            Comparator.comparing(letter -> letter.failure().writtenAt());

    private final Predicate<KeptLetter> wanted;
    private final UnaryOperator<KeptLetter> kept;
    private final int most;
    private final PriorityQueue<KeptLetter> found = new PriorityQueue<>(OLDEST_FIRST);

    private LetterSelection(
            Predicate<KeptLetter> wanted, UnaryOperator<KeptLetter> kept, int most) {
        this.wanted = wanted;
        this.kept = kept;
        this.most = most;
    }

    /// The newest of all models, without their bodies.
    static LetterSelection newest(int most) {
        return new LetterSelection(_ -> true, KeptLetter::withoutBody, most);
    }

    static LetterSelection of(String requestId) {
        return new LetterSelection(
                letter -> letter.requestId().equals(requestId), UnaryOperator.identity(), 1);
    }

    @Override
    public void accept(KeptLetter letter) {
        if (wanted.test(letter)) {
            found.add(kept.apply(letter));
            if (found.size() > most) {
                found.poll();
            }
        }
    }

    /// The newest first.
    List<KeptLetter> found() {
        return found.stream().sorted(OLDEST_FIRST.reversed()).toList();
    }
}
