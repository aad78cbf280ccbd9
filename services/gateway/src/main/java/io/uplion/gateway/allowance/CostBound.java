// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.live.ServedModel;
import io.uplion.counters.reserve.Budget;
import io.uplion.openai.Endpoint;
import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenBound;
import java.util.OptionalLong;
import java.util.function.Function;

/// The most that a request can cost, at the dearest pool that may serve it: prompt at [TokenBound],
/// and for each choice all the output there may be. Whatever a provider counts beyond it is not
/// charged.
final class CostBound {
    private CostBound() {}

    /// @return nothing where nobody knows how long the answer may be, and it costs something
    static OptionalLong of(
            RequestHead head, ServedModel model, byte[] body, Function<AIModel, Price> prices) {
        long prompt = -1;
        long most = 0;
        for (ServedModel.Pool pool : model.pools()) {
            Price price = prices.apply(pool.manifest());
            if (price.isFree()) {
                continue;
            }
            OptionalLong output = output(head, pool.manifest().limits());
            if (output.isEmpty() && price.mostForOutput() > 0) {
                return OptionalLong.empty();
            }
            prompt = prompt < 0 ? TokenBound.ofPrompt(body) : prompt;
            long input = input(head, prompt, pool.manifest().limits());
            // At most 2^31 tokens times 2^7 choices times the prompts of a body: no overflow.
            long made = output.orElse(0) * head.choicesMade();
            long cost =
                    Price.cost(input, price.mostForInput())
                            + Price.cost(made, price.mostForOutput());
            most = Math.max(most, Math.min(Budget.MOST, cost));
        }
        return OptionalLong.of(most);
    }

    /// One prompt cannot be longer than what the model reads.
    private static long input(RequestHead head, long prompt, AIModel.Limits limits) {
        boolean bounded = head.endpoint() == Endpoint.CHAT && limits.contextTokens() > 0;
        return bounded ? Math.min(prompt, limits.contextTokens()) : prompt;
    }

    /// Of one choice: the client's bound or the model's, whichever is lower. What a model reads and
    /// says together has a bound too.
    private static OptionalLong output(RequestHead head, AIModel.Limits limits) {
        if (head.endpoint() == Endpoint.EMBEDDINGS) {
            return OptionalLong.of(0);
        }
        int models = limits.outputTokens() > 0 ? limits.outputTokens() : limits.contextTokens();
        if (models <= 0) {
            return head.maxTokens();
        }
        return OptionalLong.of(Math.min(models, head.maxTokens().orElse(models)));
    }
}
