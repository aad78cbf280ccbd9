// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Observation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a client hears is one attempt's answer, in order, without gap or repeat.
final class OneAnswer implements Invariant {
    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        for (Observation one : evidence.observations()) {
            readable(one, findings);
            finished(one, findings);
            ids(one, findings);
            if (rules.numbered()) {
                text(one, findings);
            }
        }
    }

    private static void readable(Observation one, Findings findings) {
        one.heard().frames().stream()
                .filter(frame -> frame.kind() == Frame.Kind.UNREADABLE)
                .findFirst()
                .ifPresent(frame -> findings.violation(Kind.UNREADABLE_FRAME, one, frame.text()));
    }

    private static void finished(Observation one, Findings findings) {
        List<Frame.Kind> kinds = one.heard().frames().stream().map(Frame::kind).toList();
        int finish = kinds.indexOf(Frame.Kind.FINISH);
        if (finish < 0 && one.is(End.Kind.COMPLETED)) {
            findings.violation(Kind.UNFINISHED, one, "[DONE] without a reason why the answer ends");
        }
        if (finish >= 0 && kinds.lastIndexOf(Frame.Kind.TOKEN) > finish) {
            findings.violation(Kind.OUT_OF_ORDER, one, "a token after the last one");
        }
    }

    /// The usage chunk is left out: where the provider sends none, it is the platform's own.
    private static void ids(Observation one, Findings findings) {
        Set<String> ids =
                one.heard().frames().stream()
                        .filter(frame -> frame.kind().isAnswer())
                        .filter(frame -> frame.kind() != Frame.Kind.USAGE)
                        .map(Frame::id)
                        .collect(Collectors.toSet());
        if (ids.size() > 1) {
            findings.violation(Kind.MIXED_ATTEMPTS, one, "chunks of " + ids);
        }
    }

    private static void text(Observation one, Findings findings) {
        NumberedText text = NumberedText.read(one.heard().text());
        if (text.marks().size() > 1) {
            findings.violation(
                    Kind.MIXED_ATTEMPTS, one, "text of the provider's calls " + text.marks());
        } else if (!text.faults().isEmpty()) {
            findings.violation(Kind.OUT_OF_ORDER, one, text.faults().getFirst());
        }
    }
}
