// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.invariant.LedgerRow;
import io.uplion.testing.invariant.ProviderCall;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Heard;
import io.uplion.testing.load.Observation;
import io.uplion.testing.load.Sent;
import io.uplion.testing.provider.Ending;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServedAndBilledTest {
    private static final Price PRICE = new Price(1, 1, 2);
    private static final UUID TASK = UUID.randomUUID();

    private static ProviderCall call(Ending ending, int tokens) {
        return new ProviderCall(
                7, "mine", 0, Optional.of(new ProviderCall.Outcome(ending, tokens, 1)));
    }

    private static Observation client(String requestId, End.Kind kind, int seen) {
        var frames = Collections.nCopies(seen, new Frame(Frame.Kind.TOKEN, "id", "t", 0));
        Map<String, String> headers =
                requestId.isEmpty() ? Map.of() : Map.of("x-request-id", requestId);
        return new Observation(
                new Sent("mine", "http://localhost", "model", true, 2, 0),
                new Heard(200, headers, frames, List.of(), null),
                new End(kind, "", "", BodyEnd.COMPLETE, 1));
    }

    private static LedgerRow row(Outcome outcome, int input, int output, long nanos) {
        return new LedgerRow(TASK, 1, outcome, TokenUsage.of(input, output), nanos, 0);
    }

    private static List<String> compared(LedgerRow row, Observation client, ProviderCall... calls) {
        return new ServedAndBilled(PRICE, List.of(client), List.of(calls))
                .differences(List.of(row));
    }

    @Test
    void wholeAnswerIsChargedForExactlyWhatItsProviderCounted() {
        var client = client(Task.requestId(TASK), End.Kind.CONNECTION_BROKEN, 3);
        var whole = call(Ending.COMPLETED, 5);

        assertThat(compared(row(Outcome.COMPLETED, 2, 5, 12), client, whole)).isEmpty();
        assertThat(compared(row(Outcome.COMPLETED, 2, 5, 11), client, whole)).hasSize(1);
        assertThat(compared(row(Outcome.COMPLETED, 2, 4, 10), client, whole)).hasSize(1);
        assertThat(compared(row(Outcome.COMPLETED, 2, 5, 12), client, call(Ending.CLIENT_GONE, 5)))
                .hasSize(1);
    }

    @Test
    void answerThatWasLeftIsChargedBetweenWhatWasSeenAndWhatWasMade() {
        var client = client(Task.requestId(TASK), End.Kind.CANCELLED_BY_CLIENT, 3);
        var left = call(Ending.CLIENT_GONE, 5);

        assertThat(compared(row(Outcome.CANCELLED, 9, 3, 15), client, left)).isEmpty();
        assertThat(compared(row(Outcome.CANCELLED, 9, 5, 19), client, left)).isEmpty();
        assertThat(compared(row(Outcome.CANCELLED, 9, 2, 13), client, left)).hasSize(1);
        assertThat(compared(row(Outcome.CANCELLED, 9, 6, 21), client, left)).hasSize(1);
        assertThat(compared(row(Outcome.CANCELLED, 9, 3, 16), client, left)).hasSize(1);
    }

    @Test
    void whatBrokeIsFreeAndWhatNeverBeganHasNoRow() {
        var client = client(Task.requestId(TASK), End.Kind.ERROR_EVENT, 3);

        assertThat(compared(row(Outcome.BROKEN, 2, 3, 0), client, call(Ending.CLIENT_GONE, 4)))
                .isEmpty();
        assertThat(compared(row(Outcome.BROKEN, 2, 3, 8), client, call(Ending.CLIENT_GONE, 4)))
                .hasSize(1);
        assertThat(compared(row(Outcome.BROKEN, 2, 3, 0), client)).hasSize(1);
    }

    @Test
    void rowThatNobodyKnowsIsSomebodysWhoHeardNoHead() {
        var nameless = client("", End.Kind.CANCELLED_BY_CLIENT, 0);
        var row = row(Outcome.COMPLETED, 2, 5, 12);

        assertThat(compared(row, nameless, call(Ending.COMPLETED, 5))).isEmpty();
        assertThat(compared(row, nameless, call(Ending.COMPLETED, 6))).hasSize(1);
        assertThat(
                        new ServedAndBilled(
                                        PRICE,
                                        List.of(nameless),
                                        List.of(call(Ending.COMPLETED, 5)))
                                .differences(List.of(row, row)))
                .as("nobody's twice")
                .hasSize(1);
    }
}
