// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.openai.TokenUsage;
import io.uplion.task.UsageRecord.Outcome;

/// What becomes, at a request's end, of what is held for it: nothing is owed for an answer that had
/// not begun; for a whole one what it used; for any other all of it, until its usage is billed.
/// Lives on the client's event loop.
final class Settlement {
    private final WaitingRequest request;
    private final Attempts attempts;
    private final LostAnswers lost;
    private long produced;

    Settlement(WaitingRequest request, Attempts attempts, LostAnswers lost) {
        this.request = request;
        this.attempts = attempts;
        this.lost = lost;
    }

    /// @param tokens more of the answer has come, by its worker's estimate
    void produced(long tokens) {
        produced += tokens;
    }

    /// Its usage is durable.
    void whole(TokenUsage used) {
        request.allowance().used(used, request.price(attempts.pool()));
    }

    void notBegun() {
        request.allowance().unused();
    }

    /// It had begun and is not whole. A worker that is gone, hangs, or dies before it is done may
    /// not report what it used, and what is owed would be owed for ever: the gateway reports it
    /// too.
    void begun(Outcome outcome) {
        if (outcome == Outcome.CANCELLED) {
            request.allowance().abandoned();
        } else {
            request.allowance().broken();
        }
        lost.add(
                request.loop().owner(),
                new LostAnswers.Begun(
                        request.claim(attempts.count(), attempts.pool()),
                        outcome,
                        TokenUsage.of(request.promptTokens(), produced),
                        attempts.ran()));
    }
}
