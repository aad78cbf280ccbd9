// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.catalog.AIModel.Price;
import io.uplion.counters.reserve.Ask;
import io.uplion.counters.reserve.Subject;
import io.uplion.counters.reserve.Used;
import io.uplion.openai.TokenUsage;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/// What one task may use, and in the end owes. Lives on its client's event loop.
public final class Allowance {
    /// Of somebody without limits.
    public static final Allowance UNLIMITED =
            new Allowance(new Ask(new UUID(0, 0), new UUID(0, 0), List.of(), 0, 0), (_, _) -> {});

    private final Ask ask;
    private final BiConsumer<Ask, Used> settle;
    private boolean settled;

    /// @param settle tells what was used in the end
    Allowance(Ask ask, BiConsumer<Ask, Used> settle) {
        this.ask = ask;
        this.settle = settle;
    }

    /// The answer is whole, and somebody has counted. More than was held is not owed.
    public void used(TokenUsage tokens, Price price) {
        long nanos = Math.min(price.cost(tokens), ask.nanos());
        long input = Math.min(tokens.input(), Subject.MOST_TOKENS);
        end(new Used(input + Math.min(tokens.output(), Subject.MOST_TOKENS), nanos));
    }

    /// The client left in the middle: what was asked for stands until its usage is billed, only its
    /// worker knows what was produced.
    public void abandoned() {
        end(new Used(ask.tokens(), ask.nanos()));
    }

    /// It came to nothing by our fault after it had begun. It will cost nothing; but whether it was
    /// whole for its worker only the usage record says, so until that is billed its money is kept.
    public void broken() {
        end(new Used(0, ask.nanos()));
    }

    /// Nothing was produced. Does nothing where the end was told.
    public void unused() {
        end(Used.NOTHING);
    }

    private void end(Used used) {
        if (!settled && !ask.subjects().isEmpty()) {
            settled = true;
            settle.accept(ask, used);
        }
    }
}
