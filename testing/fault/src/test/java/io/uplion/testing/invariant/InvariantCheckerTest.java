// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.invariant.Gauges.Role;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.provider.Ending;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// For every kind of violation, evidence that must be found out; and evidence that must not.
class InvariantCheckerTest {
    private static Report check(Rules rules, Evidence evidence) {
        return new InvariantChecker(rules).check(evidence);
    }

    private static Report check(Evidence evidence) {
        return check(Rules.STRICT, evidence);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("io.uplion.testing.invariant.BadEvidence#all")
    void badEvidenceIsFoundOut(Kind kind, String words, Evidence evidence) {
        assertThat(check(evidence).violations())
                .anySatisfy(
                        found -> {
                            assertThat(found.kind()).isEqualTo(kind);
                            assertThat(found.words()).contains(words);
                        });
    }

    /// Nothing else is reported: what is wrong can be read off the report.
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("io.uplion.testing.invariant.BadEvidence#all")
    void badEvidenceIsFoundOutForThatReasonOnly(Kind kind, String words, Evidence evidence) {
        assertThat(check(evidence).violations()).extracting(Violation::kind).containsOnly(kind);
    }

    @Test
    void everyKindHasItsBadEvidence() {
        var tested =
                BadEvidence.all()
                        .map(one -> (Kind) one.get()[0])
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
        assertThat(tested).isEqualTo(EnumSet.allOf(Kind.class));
    }

    private static Evidence good() {
        return Made.answer()
                .evidence()
                .usage(List.of(Made.usage(Outcome.COMPLETED)))
                .provider(Made.provider(Made.call(7, "m-1", 3, Made.END - 1)))
                .gauges(new Gauges(Role.GATEWAY, "g", BadEvidence.atRest()))
                .gauges(new Gauges(Role.WORKER, "w", BadEvidence.atRest()));
    }

    @Test
    void goodEvidenceIsClean() {
        var report = check(good());
        assertThat(report.assertClean().notes()).isEmpty();
        assertThat(report).hasToString("Every invariant holds.");
    }

    @Test
    void booksThatSayWhatTheRecordsDoAreClean() {
        var whole = List.of(BadBooks.priced(Outcome.COMPLETED));
        var bounded = BadBooks.books(BadBooks.row(Outcome.COMPLETED, 30, 20));
        check(Made.answer().evidence().usage(whole).books(bounded)).assertClean();

        var absorbed = BadBooks.givenUp(BadBooks.row(Outcome.COMPLETED, 0, 50));
        check(Made.answer().evidence().usage(whole).books(absorbed)).assertClean();

        var broken = List.of(BadBooks.priced(Outcome.BROKEN));
        var free = BadBooks.books(BadBooks.row(Outcome.BROKEN, 0, 0));
        var rules = Rules.STRICT.besideOthers();
        check(rules, Evidence.of(List.of()).usage(broken).books(free)).assertClean();
    }

    @Test
    void earlierAttemptThatSaidNothingIsAllowed() {
        var calls = Made.provider(Made.call(6, "m-1", 0, Made.END - 5), Made.call(7, "m-1", 3, 0));
        check(Made.answer().evidence().provider(calls)).assertClean();
    }

    /// What a provider has forgotten may have made any text.
    @Test
    void textOfAForgottenCallIsNotForeign() {
        var rest = List.of(Made.call(8, "m-2", 3, Made.END));
        var forgetful = new ProviderRecord(rest, false, Made.END);
        check(Made.answer().evidence().provider(forgetful)).assertClean();
    }

    @Test
    void whoIsNotAllowedToBreakIsAndWhoIsIsNot() {
        var broken = Made.cutAfter(2).evidence();
        assertThat(check(broken).isClean()).isFalse();
        check(Rules.STRICT.mayBreak(_ -> true), broken).assertClean();
    }

    @Test
    void killedGatewayExcusesNoMissingRecord() {
        var rules = Rules.STRICT.mayBreak(_ -> true);
        assertThat(check(rules, Made.cutAfter(1).evidence().usage(List.of())).violations())
                .extracting(Violation::kind)
                .containsOnly(Kind.USAGE_MISSING);
    }

    @Test
    void workOfABrokenConnectionHasLongerToStop() {
        var late = Made.provider(Made.call(7, "m-1", 9, Made.END + 4 * Made.SECOND));
        var broken = Made.cutAfter(2).evidence().provider(late);
        var rules = Rules.STRICT.mayBreak(_ -> true);
        check(rules, broken).assertClean();
        assertThat(check(rules.stopAfterBreak(Duration.ofSeconds(3)), broken).isClean()).isFalse();
    }

    @Test
    void brokenAnswerWithAnErrorEventAndAResetIsHonest() {
        var broken =
                Made.cutAfter(3)
                        .frame(Frame.Kind.ERROR, "upstream_error")
                        .error(200, "upstream_error")
                        .ends(End.Kind.ERROR_EVENT, BodyEnd.RESET);
        check(broken.evidence().usage(List.of(Made.usage(Outcome.BROKEN)))).assertClean();
    }

    @Test
    void refusalNeedsNoRecordAndAProvidersOwnErrorNoCode() {
        var refused = Made.nothing().ends(End.Kind.HTTP_ERROR, BodyEnd.COMPLETE);
        check(refused.error(503, "queue_full").evidence().usage(List.of())).assertClean();
        check(refused.error(400, "").evidence().usage(List.of())).assertClean();
    }

    @Test
    void whoLeavesPaysForWhatWasProducedOrForAllOfIt() {
        var left = Made.cutAfter(2).ends(End.Kind.CANCELLED_BY_CLIENT, BodyEnd.RESET).evidence();
        var some = left.provider(Made.provider(Made.call(7, "m-1", Ending.CLIENT_GONE, 3)));
        check(some.usage(List.of(Made.usage(Outcome.CANCELLED)))).assertClean();
        var all = left.provider(Made.provider(Made.call(7, "m-1", Ending.COMPLETED, 3)));
        check(all.usage(List.of(Made.usage(Outcome.COMPLETED)))).assertClean();
        var failed = left.provider(Made.provider(Made.call(7, "m-1", Ending.FAILED_ON_PURPOSE, 3)));
        check(failed.usage(List.of(Made.usage(Outcome.BROKEN)))).assertClean();
    }

    /// A worker dies between its first word, which its gateway accepts, and the next.
    @Test
    void answerOfWhichNothingWasHeardMayBeRecordedAsBroken() {
        var refused = Made.nothing().ends(End.Kind.HTTP_ERROR, BodyEnd.COMPLETE);
        var begun = Made.provider(Made.call(7, "m-1", Ending.CLIENT_GONE, 3));
        var unheard = refused.error(502, "upstream_error").evidence().provider(begun);

        assertThat(check(unheard.usage(List.of(Made.usage(Outcome.BROKEN)))).assertClean().notes())
                .containsExactly(
                        Made.ID + " was recorded as broken, and its client heard none of it");
        assertThat(
                        check(unheard.usage(List.of(Made.usage(Outcome.COMPLETED))))
                                .assertClean()
                                .notes())
                .singleElement()
                .asString()
                .contains("only its client missed the end");
    }

    @Test
    void platformsOwnUsageChunkIsNoOtherAttempt() {
        var answer = Made.answer().insert(5, Frame.Kind.USAGE, "req_1", "");
        check(answer.evidence()).assertClean();
    }

    @Test
    void repeatsAreDroppedAndNoted() {
        var once = Made.usage(Outcome.COMPLETED);
        var same = check(Made.answer().evidence().usage(List.of(once, once)));
        assertThat(same.assertClean().notes()).singleElement().asString().contains("each time");

        var late = Made.usage(Outcome.BROKEN);
        var other = check(Made.answer().evidence().usage(List.of(once, late)));
        assertThat(other.assertClean().notes())
                .singleElement()
                .asString()
                .contains(Made.ID, "COMPLETED", "then BROKEN", "the first counts");
    }

    @Test
    void recordOfAClientThatNeverLearntItsIdIsNotOfNobody() {
        var unborn =
                Made.nothing()
                        .ends(End.Kind.CANCELLED_BY_CLIENT, BodyEnd.RESET)
                        .error(0, "")
                        .requestId("");
        check(unborn.evidence().usage(List.of(Made.usage(Outcome.CANCELLED)))).assertClean();
    }

    @Test
    void rulesCanAllowOthersAndAnyText() {
        var others =
                Evidence.of(List.of())
                        .usage(List.of(Made.usage(Outcome.COMPLETED)))
                        .provider(Made.provider(Made.running(3, "m-9")));
        check(Rules.STRICT.besideOthers(), others).assertClean();

        var prose =
                Made.nothing()
                        .tokens("Hello", " you")
                        .frame(Frame.Kind.FINISH, "")
                        .frame(Frame.Kind.DONE, "");
        check(Rules.STRICT.anyText(), prose.ends(End.Kind.COMPLETED, BodyEnd.COMPLETE).evidence())
                .assertClean();
    }

    @Test
    void paddingIsNoFault() {
        var text = "t0@ab12\u00e9\u20ac\ud83d\ude00xxx t1@ab12\u00e9\u20ac\ud83d\ude00xxx";
        assertThat(NumberedText.read(text))
                .isEqualTo(new NumberedText(2, Set.of("ab12"), List.of()));
    }

    @Test
    void reportNamesTheRequestAndSaysWhat() {
        assertThatThrownBy(() -> check(Made.cutAfter(2).evidence()).assertClean())
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(
                        "1 violations", "CUT_SILENTLY " + Made.ID, "after 2 events");
    }

    @Test
    void evidenceIsCollectedAnewUntilItIsClean() {
        var evidence =
                new ArrayDeque<>(
                        List.of(
                                Made.answer().evidence().usage(List.of()),
                                Made.answer().evidence().usage(List.of()),
                                good()));
        new InvariantChecker(Rules.STRICT)
                .settle(Duration.ofSeconds(10), evidence::remove)
                .assertClean();
        assertThat(evidence).isEmpty();
    }

    @Test
    void whatDoesNotSettleIsReportedInTheEnd() {
        var never = Made.answer().evidence().usage(List.of());
        var report = new InvariantChecker(Rules.STRICT).settle(Duration.ofMillis(300), () -> never);
        assertThat(report.violations())
                .extracting(Violation::kind)
                .containsOnly(Kind.USAGE_MISSING);
    }

    @Test
    void metricsAreSummedOverTheirLabels() {
        var text =
                """
                # HELP uplion_worker_slots_in_use slots
                # TYPE uplion_worker_slots_in_use gauge
                uplion_worker_slots_in_use{model="a b",pool="p"} 1.0
                uplion_worker_slots_in_use{model="c",pool="q"} 2.0
                uplion_gateway_requests_open 4.0
                x_bucket{le="+Inf"} +Inf
                y NaN
                """;
        assertThat(Gauges.sums(text))
                .containsEntry("uplion_worker_slots_in_use", 3.0)
                .containsEntry("uplion_gateway_requests_open", 4.0)
                .containsEntry("x_bucket", Double.POSITIVE_INFINITY);
    }
}
