// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.Observation;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The provider works for clients that wait, and soon stops when they do not.
final class NoOrphanWork implements Invariant {
    private static final String RUNS = "is still running";

    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        Map<String, Observation> byMarker =
                evidence.observations().stream()
                        .collect(Collectors.toMap(one -> one.sent().marker(), Function.identity()));
        for (ProviderRecord provider : evidence.providers()) {
            for (ProviderCall call : provider.calls()) {
                Observation client = byMarker.get(call.marker());
                if (client != null) {
                    call(call, client, provider, rules, findings);
                } else if (rules.exclusive() && call.outcome().isEmpty()) {
                    findings.violation(
                            Kind.ORPHAN_WORK,
                            call.marker(),
                            "the provider's call " + call.serial() + " " + RUNS);
                }
            }
        }
    }

    private static void call(
            ProviderCall call,
            Observation client,
            ProviderRecord provider,
            Rules rules,
            Findings findings) {
        long ended =
                call.outcome().map(ProviderCall.Outcome::endedNanos).orElse(provider.takenNanos());
        long late = ended - client.end().atNanos();
        if (late > rules.stopWithin(client).toNanos()) {
            long begun = call.beganNanos() - client.end().atNanos();
            String after = call.outcome().map(outcome -> "ended " + outcome.ending()).orElse(RUNS);
            findings.violation(
                    Kind.ORPHAN_WORK,
                    client,
                    "%s, and %d ms later the provider's call %d, begun at %d ms, %s"
                            .formatted(
                                    client.end().kind(),
                                    late / 1_000_000,
                                    call.serial(),
                                    begun / 1_000_000,
                                    after));
        }
    }
}
