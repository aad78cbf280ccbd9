// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Observation;
import io.uplion.testing.provider.Ending;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A client's text was made for this client, and a complete answer has all of it.
final class OwnAnswer implements Invariant {
    private static final Pattern SERIAL = Pattern.compile("(?:cmpl-fake-|^[A-Za-z]*)(\\d+)$");

    /// Frames whose id is the provider's.
    private static final Set<Frame.Kind> CARRIERS = Set.of(Frame.Kind.TOKEN, Frame.Kind.FINISH);

    @Override
    public void check(Evidence evidence, Rules rules, Findings findings) {
        if (evidence.providers().isEmpty() || !rules.numbered()) {
            return;
        }
        Calls calls = Calls.of(evidence.providers());
        for (Observation one : evidence.observations()) {
            serial(one).ifPresent(serial -> answer(one, serial, calls, findings));
        }
    }

    /// @param bySerial several of one number where several providers count each for itself
    /// @param all no call that is not there can have made a text
    private record Calls(Map<Long, List<ProviderCall>> bySerial, boolean all) {
        static Calls of(List<ProviderRecord> providers) {
            Map<Long, List<ProviderCall>> bySerial =
                    providers.stream()
                            .flatMap(provider -> provider.calls().stream())
                            .collect(Collectors.groupingBy(ProviderCall::serial));
            return new Calls(bySerial, providers.stream().allMatch(ProviderRecord::whole));
        }
    }

    /// The serial number of the call that made the text: from its marks, or from the chunks' id.
    private static OptionalLong serial(Observation one) {
        return Stream.concat(
                        NumberedText.read(one.heard().text()).marks().stream(),
                        one.heard().frames().stream()
                                .filter(frame -> CARRIERS.contains(frame.kind()))
                                .map(Frame::id))
                .map(SERIAL::matcher)
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .findFirst();
    }

    private static void answer(Observation one, long serial, Calls calls, Findings findings) {
        List<ProviderCall> candidates = calls.bySerial().getOrDefault(serial, List.of());
        Optional<ProviderCall> own =
                candidates.stream()
                        .filter(call -> call.marker().equals(one.sent().marker()))
                        .findFirst();
        if (own.isPresent()) {
            complete(one, own.get(), findings);
        } else if (calls.all()) {
            String whose =
                    candidates.isEmpty()
                            ? "which the provider does not know"
                            : "made for " + candidates.getFirst().marker();
            findings.violation(
                    Kind.FOREIGN_TEXT, one, "its text is that of call " + serial + ", " + whose);
        }
    }

    private static void complete(Observation one, ProviderCall call, Findings findings) {
        int seen = NumberedText.read(one.heard().text()).tokens();
        int made =
                call.outcome()
                        .filter(outcome -> outcome.ending() == Ending.COMPLETED)
                        .map(ProviderCall.Outcome::tokens)
                        .orElse(seen);
        if (one.is(End.Kind.COMPLETED) && seen != made) {
            findings.violation(
                    Kind.UNFINISHED,
                    one,
                    "%d tokens of the %d that the provider sent".formatted(seen, made));
        }
    }
}
