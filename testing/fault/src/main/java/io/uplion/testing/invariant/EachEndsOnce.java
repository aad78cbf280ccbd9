// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Observation;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Every request ends, once, and in a way that its client cannot misunderstand.
final class EachEndsOnce implements Invariant {
    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        Set<String> ids = new HashSet<>();
        for (Observation one : evidence.observations()) {
            ending(one, rules, findings);
            afterTheEnd(one, findings);
            identity(one, ids, findings);
        }
    }

    private static void ending(Observation one, Rules rules, Findings findings) {
        End end = one.end();
        switch (end.kind()) {
            case HUNG ->
                    findings.violation(
                            Kind.HUNG,
                            one,
                            "no end within " + one.duration().toMillis() + " ms, " + sofar(one));
            case ERROR_EVENT -> {
                looksWhole(one, findings);
                coded(one, findings);
            }
            case HTTP_ERROR -> coded(one, findings);
            case CONNECTION_BROKEN -> {
                if (one.heard().status() == 200 && end.body() == BodyEnd.COMPLETE) {
                    looksWhole(one, findings);
                } else if (!rules.mayBreak().test(one)) {
                    String how = end.body() + " " + end.detail();
                    findings.violation(Kind.CUT_SILENTLY, one, how.strip() + ", " + sofar(one));
                }
            }
            case COMPLETED, CANCELLED_BY_CLIENT -> {}
        }
    }

    private static void looksWhole(Observation one, Findings findings) {
        if (one.end().body() == BodyEnd.COMPLETE) {
            findings.violation(
                    Kind.LOOKS_WHOLE,
                    one,
                    "a broken answer ended in an orderly way, " + sofar(one));
        }
    }

    /// Below 500 the error may be the provider's own words.
    private static void coded(Observation one, Findings findings) {
        int status = one.heard().status();
        boolean ours = status == 200 || status == 429 || status >= 500;
        if (ours && one.end().code().isEmpty()) {
            findings.violation(
                    Kind.ERROR_WITHOUT_CODE, one, "status " + status + ", " + sofar(one));
        }
    }

    private static void afterTheEnd(Observation one, Findings findings) {
        List<Frame> frames = one.heard().frames();
        for (int i = 0; i < frames.size() - 1; i++) {
            Frame frame = frames.get(i);
            if (frame.kind() == Frame.Kind.DONE || frame.kind() == Frame.Kind.ERROR) {
                Frame next = frames.get(i + 1);
                findings.violation(
                        Kind.SEVERAL_ENDS,
                        one,
                        "after " + frame.kind() + " came " + next.kind() + " " + next.text());
                return;
            }
        }
    }

    private static void identity(Observation one, Set<String> ids, Findings findings) {
        String id = one.heard().requestId();
        if (id.isEmpty()) {
            if (one.heard().status() != 0) {
                findings.violation(Kind.NO_REQUEST_ID, one, "status " + one.heard().status());
            }
        } else if (!ids.add(id)) {
            findings.violation(Kind.REQUEST_ID_TWICE, one, "also given to " + one.sent().marker());
        }
    }

    private static String sofar(Observation one) {
        return "after %d events, sent to %s as %s"
                .formatted(one.heard().frames().size(), one.sent().baseUrl(), one.sent().marker());
    }
}
