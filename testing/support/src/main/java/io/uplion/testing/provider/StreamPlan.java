// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// The events of one stream, by their index: what each says and at which token's time it is due.
///
/// In order: a chunk without choices (scripted), an opening per choice, the tokens (token 0 of
/// every choice, token 1 of every choice, …), a finish per choice, the usage (where asked for),
/// `[DONE]`.
final class StreamPlan {
    private final Envelope envelope;
    private final Choices choices;
    private final String start;
    private final String end;

    private final int width;
    private final int openingsFrom;
    private final int tokensFrom;
    private final int finishesFrom;
    private final int usageAt;
    private final int doneAt;
    private final int size;

    StreamPlan(Envelope envelope) {
        this.envelope = envelope;
        this.choices = envelope.choices();
        this.start = envelope.chunkStart();
        this.end = envelope.chunkEnd();
        this.width = envelope.asked().choices();
        this.openingsFrom = envelope.script().content().emptyChoices() ? 1 : 0;
        this.tokensFrom = openingsFrom + (choices.opening(0).isEmpty() ? 0 : width);
        this.finishesFrom = tokensFrom + choices.tokens().count() * width;
        this.usageAt = finishesFrom + width;
        this.doneAt = usageAt + (envelope.usageChunk() ? 1 : 0);
        this.size = doneAt + (envelope.script().frames().done() ? 1 : 0);
    }

    int size() {
        return size;
    }

    boolean isToken(int event) {
        return event >= tokensFrom && event < finishesFrom;
    }

    /// The token whose time the event shares: what comes before the tokens goes with the first,
    /// what comes after with the last.
    int step(int event) {
        int token = Math.floorDiv(Math.min(event, finishesFrom - 1) - tokensFrom, width);
        return Math.max(0, token);
    }

    /// The event's data.
    String data(int event) {
        if (event >= doneAt) {
            return "[DONE]";
        }
        if (event >= usageAt) {
            int tokens = choices.tokens().count() * width;
            return start + envelope.usageChunkEnd(tokens);
        }
        return start + choice(event) + end;
    }

    private String choice(int event) {
        if (event >= finishesFrom) {
            return choices.finish(event - finishesFrom);
        }
        if (event >= tokensFrom) {
            int position = event - tokensFrom;
            return choices.delta(position % width, position / width);
        }
        return event < openingsFrom ? "" : choices.opening(event - openingsFrom);
    }
}
