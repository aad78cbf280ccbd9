// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PriceList.Dated;
import io.uplion.catalog.price.PriceList.Entry;
import io.uplion.catalog.price.PriceList.Of;
import io.uplion.counters.InProcessSharedState;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedPricesTest {
    private static final PriceList LIST =
            PriceList.of(
                    List.of(
                            new Entry(
                                    Of.POOL,
                                    "p",
                                    new Dated(Instant.EPOCH, new Price(1, 2, 3, 4, 5, 6)))));

    @Test
    void whatBillingTellsIsKnown() {
        try (var shared = new InProcessSharedState(System::nanoTime)) {
            var prices = new SharedPrices(shared);
            prices.round();
            assertThat(prices.isFilled()).isFalse();

            SharedPrices.publish(shared, LIST);
            prices.round();

            assertThat(prices.isFilled()).isTrue();
            assertThat(prices.get()).isEqualTo(LIST);
        }
    }

    @Test
    void listWithoutPricesIsKnownToHaveNone() {
        try (var shared = new InProcessSharedState(System::nanoTime)) {
            var prices = new SharedPrices(shared);
            SharedPrices.publish(shared, LIST);
            prices.round();
            SharedPrices.publish(shared, PriceList.NONE);
            prices.round();

            assertThat(prices.get()).isEqualTo(PriceList.NONE);
            assertThat(prices.isFilled()).isTrue();
        }
    }

    /// A store that has lost everything, or a word of another version, is not a price of nothing.
    @Test
    void whatWasKnownStaysWhileNothingElseIs() {
        try (var shared = new InProcessSharedState(System::nanoTime)) {
            var prices = new SharedPrices(shared);
            SharedPrices.publish(shared, LIST);
            prices.round();

            shared.remove("prices", "list");
            prices.round();
            assertThat(prices.get()).isEqualTo(LIST);

            shared.put("prices", "list", "{\"models\":7}", Duration.ofMinutes(1));
            prices.round();
            assertThat(prices.get()).isEqualTo(LIST);
        }
    }

    @Test
    void gatewayLooksAgainAndAgain() {
        try (var shared = new InProcessSharedState(System::nanoTime);
                var prices = SharedPrices.start(shared)) {
            SharedPrices.publish(shared, LIST);

            Await.until(
                    "the list is known", Duration.ofSeconds(20), () -> prices.get().equals(LIST));
        }
    }
}
