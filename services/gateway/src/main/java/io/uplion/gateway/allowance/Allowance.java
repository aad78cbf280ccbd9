// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.counters.reserve.Ask;
import io.uplion.openai.TokenUsage;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/// What one task may use. Lives on its client's event loop.
public final class Allowance {
    /// Of somebody without limits.
    public static final Allowance UNLIMITED =
            new Allowance(new Ask(new UUID(0, 0), new UUID(0, 0), List.of(), 0, 0), (_, _) -> {});

    private final Ask ask;
    private final BiConsumer<Ask, Long> settle;
    private boolean settled;

    /// @param settle tells what was used in the end
    Allowance(Ask ask, BiConsumer<Ask, Long> settle) {
        this.ask = ask;
        this.settle = settle;
    }

    /// The answer is whole, and somebody has counted.
    public void used(TokenUsage tokens) {
        end(tokens.input() + tokens.output());
    }

    /// The client left in the middle: what was asked for stands, only its worker knows what was
    /// produced.
    public void abandoned() {
        end(ask.tokens());
    }

    /// Nothing was produced, or it came to nothing by our fault. Does nothing where the end was
    /// told.
    public void unused() {
        end(0);
    }

    private void end(long tokens) {
        if (!settled && !ask.subjects().isEmpty()) {
            settled = true;
            settle.accept(ask, tokens);
        }
    }
}
