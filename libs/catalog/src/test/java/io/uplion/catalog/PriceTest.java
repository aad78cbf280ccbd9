// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.catalog.AIModel.Price;
import io.uplion.counters.reserve.Budget;
import io.uplion.openai.TokenUsage;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PriceTest {
    private static final Price PRICE = new Price(3, 1, 10, 12, 30, 40);

    @Provide
    static Arbitrary<Price> prices() {
        var nanos =
                Arbitraries.oneOf(
                        Arbitraries.longs().between(0, 1_000_000_000),
                        Arbitraries.longs().greaterOrEqual(0));
        return Combinators.combine(nanos, nanos, nanos, nanos, nanos, nanos).as(Price::new);
    }

    @Provide
    static Arbitrary<TokenUsage> usages() {
        var tokens =
                Arbitraries.oneOf(
                        Arbitraries.longs().between(0, 100),
                        Arbitraries.longs().between(0, 1_000_000_000),
                        Arbitraries.longs().greaterOrEqual(0));
        return Combinators.combine(tokens, tokens, tokens, tokens, tokens, tokens)
                .as(TokenUsage::new);
    }

    /// The same in numbers without end.
    private static BigInteger exact(Price price, TokenUsage used) {
        long cached = Math.min(used.cachedInput(), used.input());
        long heard = Math.min(used.audioInput(), used.input() - cached);
        long thought = Math.min(used.reasoning(), used.output());
        long spoken = Math.min(used.audioOutput(), used.output() - thought);
        return times(used.input() - cached - heard, price.inputNanos())
                .add(times(cached, price.cachedInputNanos()))
                .add(times(heard, price.audioInputNanos()))
                .add(times(used.output() - thought - spoken, price.outputNanos()))
                .add(times(thought, price.reasoningNanos()))
                .add(times(spoken, price.audioOutputNanos()));
    }

    private static BigInteger times(long tokens, long nanos) {
        return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(nanos));
    }

    @Property(tries = 2000)
    void costIsExactUpToTheMost(@ForAll("prices") Price price, @ForAll("usages") TokenUsage used) {
        var exact = exact(price, used).min(BigInteger.valueOf(Budget.MOST));

        assertThat(price.cost(used)).isEqualTo(exact.longValueExact());
    }

    /// What is reserved for input and output at the dearest is enough, whatever their parts are.
    @Property(tries = 2000)
    void nothingCostsMoreThanTheDearestTokens(
            @ForAll("prices") Price price, @ForAll("usages") TokenUsage used) {
        long most =
                Price.cost(used.input(), price.mostForInput())
                        + Price.cost(used.output(), price.mostForOutput());

        assertThat(price.cost(used)).isLessThanOrEqualTo(Math.min(Budget.MOST, most));
    }

    @Property(tries = 500)
    void whatIsFreeCostsNothing(@ForAll("usages") TokenUsage used) {
        assertThat(Price.FREE.cost(used)).isZero();
        assertThat(Price.FREE.isFree()).isTrue();
        assertThat(new Price(0, 0, 0, 0, 0, 1).isFree()).isFalse();
    }

    @Test
    void partsAreCountedInsteadOfTheirShareOfTheWhole() {
        assertThat(PRICE.cost(TokenUsage.of(100, 10))).isEqualTo(100 * 3 + 10 * 10);
        assertThat(PRICE.cost(new TokenUsage(100, 20, 10, 4, 30, 5)))
                .isEqualTo(50 * 3 + 20 + 30 * 30 + 10 + 4 * 12 + 5 * 40);
    }

    @Test
    void partsOfMoreThanTheWholeCountOnlyTheWhole() {
        assertThat(PRICE.cost(new TokenUsage(10, 50, 10, 50, 50, 50))).isEqualTo(10 + 10 * 12);
    }

    @Test
    void noPriceIsBelowZero() {
        assertThatThrownBy(() -> new Price(1, 1, 1, 1, 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Price(-1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
