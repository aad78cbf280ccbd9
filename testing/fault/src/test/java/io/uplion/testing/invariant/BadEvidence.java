// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.openai.TokenUsage;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.invariant.Gauges.Role;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.provider.Ending;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// Evidence of something wrong: the kind of violation, words of its report, the evidence.
final class BadEvidence {
    private BadEvidence() {}

    static Stream<Arguments> all() {
        return Stream.of(
                        badEnds(),
                        badAnswers(),
                        badOrder(),
                        badUsage(),
                        badRecords(),
                        BadBooks.all(),
                        badWork(),
                        badRest())
                .flatMap(some -> some);
    }

    private static Arguments of(Kind kind, String words, Evidence evidence) {
        return Arguments.of(kind, words, evidence);
    }

    private static Stream<Arguments> badEnds() {
        var errorCutWell =
                Made.cutAfter(2)
                        .frame(Frame.Kind.ERROR, "upstream_error")
                        .ends(End.Kind.ERROR_EVENT, BodyEnd.COMPLETE)
                        .error(200, "upstream_error");
        var twice = List.of(Made.answer().seen("m-1"), Made.answer().seen("m-2"));
        return Stream.of(
                of(
                        Kind.HUNG,
                        "no end within 1000 ms, after 2 events",
                        Made.cutAfter(2).ends(End.Kind.HUNG, BodyEnd.RESET).evidence()),
                of(Kind.CUT_SILENTLY, "RESET", Made.cutAfter(2).evidence()),
                of(
                        Kind.CUT_SILENTLY,
                        "TRUNCATED",
                        Made.nothing()
                                .ends(End.Kind.CONNECTION_BROKEN, BodyEnd.TRUNCATED)
                                .error(0, "")
                                .requestId("")
                                .evidence()),
                of(
                        Kind.LOOKS_WHOLE,
                        "orderly",
                        Made.cutAfter(4)
                                .ends(End.Kind.CONNECTION_BROKEN, BodyEnd.COMPLETE)
                                .evidence()),
                of(Kind.LOOKS_WHOLE, "orderly", errorCutWell.evidence()),
                of(
                        Kind.SEVERAL_ENDS,
                        "after DONE came ERROR",
                        Made.answer().frame(Frame.Kind.ERROR, "upstream_error").evidence()),
                of(
                        Kind.SEVERAL_ENDS,
                        "after ERROR came DONE",
                        Made.answer().insert(5, Frame.Kind.ERROR, "", "broken").evidence()),
                of(
                        Kind.ERROR_WITHOUT_CODE,
                        "status 502",
                        Made.nothing()
                                .ends(End.Kind.HTTP_ERROR, BodyEnd.COMPLETE)
                                .error(502, "")
                                .evidence()),
                of(
                        Kind.ERROR_WITHOUT_CODE,
                        "status 200",
                        Made.cutAfter(2)
                                .frame(Frame.Kind.ERROR, "")
                                .ends(End.Kind.ERROR_EVENT, BodyEnd.RESET)
                                .evidence()),
                of(Kind.NO_REQUEST_ID, "status 200", Made.answer().requestId("").evidence()),
                of(Kind.REQUEST_ID_TWICE, "m-2", Evidence.of(twice)));
    }

    private static Stream<Arguments> badAnswers() {
        var foreignChunk = Made.answer().without(3);
        return Stream.of(
                of(
                        Kind.UNREADABLE_FRAME,
                        "{\"id\":",
                        Made.answer().insert(1, Frame.Kind.UNREADABLE, "", "{\"id\":").evidence()),
                of(
                        Kind.MIXED_ATTEMPTS,
                        "chatcmpl-fake-8",
                        foreignChunk
                                .insert(3, Frame.Kind.TOKEN, "chatcmpl-fake-8", " t2@7")
                                .evidence()),
                of(
                        Kind.MIXED_ATTEMPTS,
                        "[7, 8]",
                        Made.answer()
                                .without(3)
                                .insert(3, Frame.Kind.TOKEN, "chatcmpl-fake-7", " t2@8")
                                .evidence()),
                of(
                        Kind.MIXED_ATTEMPTS,
                        "[a7, b7]",
                        Made.nothing()
                                .tokens("t0@a7", " t1@b7")
                                .ends(End.Kind.CANCELLED_BY_CLIENT, BodyEnd.RESET)
                                .evidence()));
    }

    private static Stream<Arguments> badOrder() {
        return Stream.of(
                of(
                        Kind.OUT_OF_ORDER,
                        "token 2 where token 1 should be",
                        Made.answer().without(2).evidence()),
                of(
                        Kind.OUT_OF_ORDER,
                        "token 1 where token 2 should be",
                        Made.answer()
                                .insert(3, Frame.Kind.TOKEN, "chatcmpl-fake-7", " t1@7")
                                .evidence()),
                of(
                        Kind.OUT_OF_ORDER,
                        "token 1 where token 0 should be",
                        Made.answer().without(1).evidence()),
                of(
                        Kind.OUT_OF_ORDER,
                        "'t2@7t0@7'",
                        Made.answer()
                                .insert(4, Frame.Kind.TOKEN, "chatcmpl-fake-7", "t0@7")
                                .evidence()),
                of(
                        Kind.OUT_OF_ORDER,
                        "after the last",
                        Made.answer()
                                .insert(5, Frame.Kind.TOKEN, "chatcmpl-fake-7", " t3@7")
                                .evidence()),
                of(Kind.UNFINISHED, "[DONE]", Made.answer().without(4).evidence()),
                of(
                        Kind.UNFINISHED,
                        "3 tokens of the 5",
                        Made.answer()
                                .evidence()
                                .provider(Made.provider(Made.call(7, "m-1", 5, Made.END)))),
                of(
                        Kind.FOREIGN_TEXT,
                        "made for m-2",
                        Made.answer()
                                .evidence()
                                .provider(Made.provider(Made.call(7, "m-2", 3, Made.END)))),
                of(
                        Kind.FOREIGN_TEXT,
                        "call 7, which the provider does not know",
                        Made.answer()
                                .evidence()
                                .provider(Made.provider(Made.call(8, "m-1", 3, Made.END)))));
    }

    private static Stream<Arguments> badUsage() {
        var other = UUID.fromString("01890000-0000-7000-8000-000000000002");
        var tokens = TokenUsage.of(2, 3);
        var left = Made.cutAfter(3).ends(End.Kind.CANCELLED_BY_CLIENT, BodyEnd.RESET);
        return Stream.of(
                of(
                        Kind.USAGE_MISSING,
                        "COMPLETED after 5 parts",
                        Made.answer().evidence().usage(List.of())),
                of(
                        Kind.USAGE_MISSING,
                        "CANCELLED_BY_CLIENT after 3 parts",
                        left.evidence().usage(List.of())),
                of(
                        Kind.USAGE_CONTRADICTS,
                        "the record says BROKEN",
                        Made.answer().evidence().usage(List.of(Made.usage(Outcome.BROKEN)))),
                of(
                        Kind.USAGE_CONTRADICTS,
                        "the record says CANCELLED",
                        Made.answer()
                                .evidence()
                                .usage(
                                        List.of(
                                                Made.usage(Outcome.CANCELLED),
                                                Made.usage(Outcome.COMPLETED)))),
                of(
                        Kind.USAGE_TOKENS_WRONG,
                        "the client saw 2 + 3 tokens, the record says 2 + 4",
                        Made.answer().told(TokenUsage.of(2, 4)).evidence().usage(usedFour())),
                of(
                        Kind.USAGE_TOKENS_WRONG,
                        "the client was told 9 + 3",
                        Made.answer()
                                .told(TokenUsage.of(9, 3))
                                .evidence()
                                .usage(List.of(Made.usage(Outcome.COMPLETED)))),
                of(
                        Kind.USAGE_DOUBLED,
                        "attempts [1, 2]",
                        Made.answer()
                                .evidence()
                                .usage(
                                        List.of(
                                                Made.usage(Outcome.COMPLETED),
                                                Made.usage(
                                                        Made.TASK, 2, Outcome.COMPLETED, tokens)))),
                of(
                        Kind.USAGE_OF_NOBODY,
                        "no client sent it",
                        Made.answer()
                                .evidence()
                                .usage(
                                        List.of(
                                                Made.usage(Outcome.COMPLETED),
                                                Made.usage(other, 1, Outcome.BROKEN, tokens)))));
    }

    private static Stream<Arguments> badRecords() {
        var left = Made.cutAfter(4).ends(End.Kind.CANCELLED_BY_CLIENT, BodyEnd.RESET);
        var broken =
                Made.cutAfter(3)
                        .frame(Frame.Kind.ERROR, "upstream_error")
                        .ends(End.Kind.ERROR_EVENT, BodyEnd.RESET)
                        .error(200, "upstream_error");
        var refused = Made.nothing().ends(End.Kind.HTTP_ERROR, BodyEnd.COMPLETE);
        var unheard = refused.error(502, "upstream_error").evidence();
        var gone = Made.call(7, "m-1", Ending.CLIENT_GONE, 3);
        var failed = Made.call(7, "m-1", Ending.FAILED_ON_PURPOSE, 0);
        var contradiction = Kind.USAGE_CONTRADICTS;
        var wrong = Kind.USAGE_TOKENS_WRONG;
        return Stream.of(
                recorded(
                        contradiction, "client left, the record says BROKEN", left, gone, "BROKEN"),
                recorded(contradiction, "left, the record says COMPLETED", left, gone, "COMPLETED"),
                recorded(
                        wrong,
                        "left after 3 tokens, the record says 2",
                        left,
                        gone,
                        "CANCELLED",
                        2),
                recorded(wrong, "made 3 tokens, the record says 40", left, gone, "CANCELLED", 40),
                recorded(
                        wrong,
                        "made 5 tokens, the record says 4",
                        left,
                        Made.call(7, "m-1", Ending.COMPLETED, 5),
                        "COMPLETED",
                        4),
                recorded(contradiction, "told an error, the record", broken, gone, "CANCELLED"),
                of(
                        contradiction,
                        "refused with 502, the record says BROKEN",
                        unheard.provider(Made.provider(failed)).usage(used("BROKEN", 0))),
                of(
                        contradiction,
                        "refused with 502, the record says BROKEN",
                        unheard.provider(Made.provider()).usage(used("BROKEN", 3))),
                of(
                        contradiction,
                        "refused with 400, the record says COMPLETED",
                        refused.error(400, "").evidence().usage(used("COMPLETED", 3))));
    }

    private static Arguments recorded(
            Kind kind, String words, Made seen, ProviderCall call, String outcome) {
        return recorded(kind, words, seen, call, outcome, 3);
    }

    private static Arguments recorded(
            Kind kind, String words, Made seen, ProviderCall call, String outcome, long output) {
        return of(
                kind,
                words,
                seen.evidence().provider(Made.provider(call)).usage(used(outcome, output)));
    }

    private static List<UsageRecord> used(String outcome, long output) {
        return List.of(
                Made.usage(Made.TASK, 1, Outcome.valueOf(outcome), TokenUsage.of(2, output)));
    }

    private static List<UsageRecord> usedFour() {
        return List.of(Made.usage(Made.TASK, 1, Outcome.COMPLETED, TokenUsage.of(2, 4)));
    }

    private static Stream<Arguments> badWork() {
        var left = Made.nothing().ends(End.Kind.CANCELLED_BY_CLIENT, BodyEnd.RESET);
        var late = Made.END + 3 * Made.SECOND;
        return Stream.of(
                of(
                        Kind.ORPHAN_WORK,
                        "CANCELLED_BY_CLIENT, and 3000 ms later the provider's call 7, begun at -1000 ms, ended",
                        left.evidence().provider(Made.provider(Made.call(7, "m-1", 9, late)))),
                of(
                        Kind.ORPHAN_WORK,
                        "call 7, begun at -1000 ms, is still running",
                        left.evidence().provider(Made.provider(Made.running(7, "m-1")))),
                of(
                        Kind.ORPHAN_WORK,
                        "the provider's call 7 is still running",
                        left.evidence().provider(Made.provider(Made.running(7, "m-9")))));
    }

    private static Stream<Arguments> badRest() {
        return Stream.of(
                rest(Kind.WAITERS_LEFT, "2 requests", Role.GATEWAY, 2, "requests_open"),
                rest(Kind.MEMORY_HELD, "512 bytes", Role.GATEWAY, 512, "body_bytes"),
                rest(Kind.SLOTS_BUSY, "1 slots", Role.WORKER, 1, "slots_in_use"),
                rest(Kind.TASKS_LEFT, "3 tasks", Role.GATEWAY, 3, "queue_tasks"),
                rest(Kind.WAITERS_LEFT, "2 requests are held", Role.GATEWAY, 2, "requests_held"),
                without("uplion_gateway_requests_held"),
                without("uplion_queue_tasks"),
                rest(Kind.TASKS_LEFT, "4 tasks", Role.QUEUE, 4, "queue_tasks"),
                of(
                        Kind.METRICS_UNREADABLE,
                        "no uplion_queue_tasks",
                        Evidence.of(List.of()).gauges(new Gauges(Role.QUEUE, "url", Map.of()))),
                of(
                        Kind.METRICS_UNREADABLE,
                        "no uplion_gateway_requests_open",
                        Evidence.of(List.of()).gauges(new Gauges(Role.GATEWAY, "url", Map.of()))),
                of(
                        Kind.METRICS_UNREADABLE,
                        "no uplion_worker_slots_in_use",
                        Evidence.of(List.of())
                                .gauges(Gauges.fetch(Role.WORKER, "http://127.0.0.1:1"))));
    }

    static Map<String, Double> atRest() {
        return Map.of(
                "uplion_gateway_requests_open", 0.0,
                "uplion_gateway_requests_held", 0.0,
                "uplion_gateway_body_bytes", 0.0,
                "uplion_worker_slots_in_use", 0.0,
                "uplion_queue_tasks", 0.0);
    }

    private static Arguments without(String name) {
        var sums = new HashMap<>(atRest());
        sums.remove(name);
        return of(
                Kind.METRICS_UNREADABLE,
                "no " + name,
                Evidence.of(List.of()).gauges(new Gauges(Role.GATEWAY, "url", sums)));
    }

    private static Arguments rest(Kind kind, String words, Role role, double value, String name) {
        var sums =
                atRest().entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        one -> one.getKey().endsWith(name) ? value : 0.0));
        return of(kind, words, Evidence.of(List.of()).gauges(new Gauges(role, "url", sums)));
    }
}
