// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.allowance;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.AIModel.Limits;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.Serving;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.counters.reserve.Budget;
import io.uplion.openai.Endpoint;
import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CostBoundTest {
    private static final Price PRICE = new Price(2, 1, 10);
    private static final Limits KNOWN = new Limits(1000, 100, 10);
    private static final Limits UNKNOWN = new Limits(0, 0, 10);

    private record Pool(Price price, Limits limits) {}

    private static OptionalLong bound(Endpoint endpoint, String json, Pool... pools) {
        var body = json.getBytes(StandardCharsets.UTF_8);
        var head = ((RequestHead.Parsed) RequestHead.parse(endpoint, body)).head();
        return CostBound.of(head, model(pools), body, AIModel::price);
    }

    private static ServedModel model(Pool... pools) {
        var served =
                Stream.of(pools)
                        .map(pool -> new ServedModel.Pool(manifest(pool), PoolStatus.RUNNING))
                        .toList();
        return new ServedModel("m", served, Instant.EPOCH);
    }

    private static AIModel manifest(Pool pool) {
        return new AIModel(
                "p",
                "m",
                Serving.Simulator.DEFAULT,
                EnumSet.allOf(Endpoint.class),
                1,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                AIModel.Scaling.defaults(1),
                pool.price(),
                pool.limits(),
                AIModel.Access.EVERYONE);
    }

    private static String chat(String fields) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                + fields
                + "}";
    }

    @Test
    void isAllOfThePromptAndForEachChoiceAllOfTheOutput() {
        var json = chat(",\"max_tokens\":7,\"n\":3");

        assertThat(bound(Endpoint.CHAT, json, new Pool(PRICE, UNKNOWN)))
                .hasValue(json.length() * 2L + 3 * 7 * 10);
    }

    @Test
    void modelsOwnBoundHoldsWhereTheClientSetsNoneOrALargerOne() {
        var silent = chat("");
        var large = chat(",\"max_tokens\":1000000");

        assertThat(bound(Endpoint.CHAT, silent, new Pool(PRICE, KNOWN)))
                .hasValue(silent.length() * 2L + 100 * 10);
        assertThat(bound(Endpoint.CHAT, large, new Pool(PRICE, KNOWN)))
                .hasValue(large.length() * 2L + 100 * 10);
        assertThat(bound(Endpoint.CHAT, silent, new Pool(PRICE, new Limits(500, 0, 1))))
                .hasValue(silent.length() * 2L + 500 * 10);
    }

    @Test
    void promptIsNoLongerThanWhatTheModelReads() {
        var json = chat(",\"user\":\"" + "x".repeat(5000) + "\"");

        assertThat(bound(Endpoint.CHAT, json, new Pool(PRICE, KNOWN)))
                .hasValue(1000 * 2 + 100 * 10);
    }

    @Test
    void nobodyKnowsWhereNobodySetsABound() {
        var dear = new Pool(PRICE, KNOWN);
        var unbounded = new Pool(PRICE, UNKNOWN);

        assertThat(bound(Endpoint.CHAT, chat(""), dear, unbounded)).isEmpty();
        assertThat(bound(Endpoint.CHAT, chat(",\"max_tokens\":1"), dear, unbounded)).isPresent();
    }

    @Test
    void whatCostsNothingNeedsNoBound() {
        var json = chat("");

        assertThat(bound(Endpoint.CHAT, json, new Pool(Price.FREE, UNKNOWN))).hasValue(0);
        assertThat(bound(Endpoint.CHAT, json, new Pool(new Price(1, 1, 0), UNKNOWN)))
                .hasValue(json.length());
    }

    @Test
    void dearestPoolCounts() {
        var json = chat(",\"max_tokens\":10");
        var cheap = new Pool(PRICE, UNKNOWN);
        var dear = new Pool(new Price(1, 1, 1, 1, 1, 1000), UNKNOWN);

        assertThat(bound(Endpoint.CHAT, json, cheap, dear)).hasValue(json.length() + 10 * 1000);
        assertThat(bound(Endpoint.CHAT, json, dear, cheap)).hasValue(json.length() + 10 * 1000);
    }

    @Test
    void everyPromptAndEveryHiddenChoiceOfACompletionIsPaidFor() {
        var json = "{\"model\":\"m\",\"prompt\":[\"a\",\"b\"],\"max_tokens\":7,\"best_of\":4}";

        assertThat(bound(Endpoint.COMPLETIONS, json, new Pool(PRICE, KNOWN)))
                .hasValue(json.length() * 2L + 2 * 4 * 7 * 10);
    }

    @Test
    void embeddingsHaveNoOutput() {
        var json = "{\"model\":\"m\",\"input\":[\"a\",\"b\"]}";

        assertThat(bound(Endpoint.EMBEDDINGS, json, new Pool(PRICE, UNKNOWN)))
                .hasValue(json.length() * 2L);
    }

    @Test
    void thereIsAMost() {
        var json = chat(",\"max_tokens\":2147483647,\"n\":128");
        var price = new Price(Long.MAX_VALUE, 0, Long.MAX_VALUE);

        assertThat(bound(Endpoint.CHAT, json, new Pool(price, UNKNOWN))).hasValue(Budget.MOST);
    }

    /// No answer within the bounds costs more, however its tokens are made up.
    @Property(tries = 500)
    void noUsageWithinTheBoundsCostsMore(
            @ForAll @IntRange(max = 60) int input,
            @ForAll @IntRange(max = 60) int cached,
            @ForAll @IntRange(max = 60) int audio,
            @ForAll @IntRange(max = 50) int output,
            @ForAll @IntRange(max = 50) int reasoning,
            @ForAll @IntRange(max = 1000) int price) {
        var prices = List.of(new Price(price, 1, 2, 3, 4, 5), new Price(1, 2, 3, price, 7, price));
        var json = chat(",\"max_tokens\":10,\"n\":5");
        var used = new TokenUsage(input, cached, output, reasoning, audio, reasoning / 2);
        for (var one : prices) {
            var pools = prices.stream().map(it -> new Pool(it, UNKNOWN)).toArray(Pool[]::new);
            assertThat(one.cost(used))
                    .isLessThanOrEqualTo(bound(Endpoint.CHAT, json, pools).orElseThrow());
        }
    }
}
