// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PriceList.Dated;
import io.uplion.catalog.price.PriceList.Entry;
import io.uplion.catalog.price.PriceList.Of;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceListTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final Price MANIFEST = new Price(1, 1, 1);

    private static Entry entry(Of of, String name, long from, long nanos) {
        return new Entry(of, name, new Dated(NOON.plusSeconds(from), new Price(nanos, 0, 0)));
    }

    private static long at(PriceList list, long seconds) {
        return list.at("m", "p", NOON.plusSeconds(seconds), MANIFEST).inputNanos();
    }

    @Test
    void manifestHoldsUntilSomethingWasDecided() {
        var list = PriceList.of(List.of(entry(Of.MODEL, "m", 0, 10)));

        assertThat(at(PriceList.NONE, 0)).isEqualTo(1);
        assertThat(list.at("m", "p", NOON.minusNanos(1), MANIFEST)).isEqualTo(MANIFEST);
        assertThat(at(list, 0)).isEqualTo(10);
        assertThat(list.at("other", "p", NOON, MANIFEST)).isEqualTo(MANIFEST);
    }

    @Test
    void latestThatHasBegunHolds() {
        var list =
                PriceList.of(
                        List.of(
                                entry(Of.MODEL, "m", 20, 30),
                                entry(Of.MODEL, "m", 0, 10),
                                entry(Of.MODEL, "m", 10, 20)));

        assertThat(at(list, 5)).isEqualTo(10);
        assertThat(at(list, 10)).isEqualTo(20);
        assertThat(at(list, 1000)).isEqualTo(30);
    }

    @Test
    void whatWasDecidedForThePoolComesBeforeTheModel() {
        var list = PriceList.of(List.of(entry(Of.POOL, "p", 5, 99), entry(Of.MODEL, "m", 0, 10)));

        assertThat(at(list, 4)).isEqualTo(10);
        assertThat(at(list, 5)).isEqualTo(99);
        assertThat(list.at("m", "p2", NOON.plusSeconds(5), MANIFEST).inputNanos()).isEqualTo(10);
        assertThat(list.at("p", "m", NOON.plusSeconds(5), MANIFEST)).isEqualTo(MANIFEST);
    }

    @Provide
    static Arbitrary<List<Entry>> entries() {
        return Combinators.combine(
                        Arbitraries.of(Of.values()),
                        Arbitraries.of("m", "p", "\"m\n漢"),
                        Arbitraries.longs().between(-100, 100),
                        Arbitraries.longs().greaterOrEqual(0))
                .as(PriceListTest::entry)
                .list()
                .ofMaxSize(20);
    }

    @Property(tries = 300)
    void textIsReadAsItWasWritten(@ForAll("entries") List<Entry> entries) {
        var list = PriceList.of(entries);

        assertThat(PriceText.read(PriceText.write(list))).contains(list);
    }

    @Property(tries = 300)
    void whatIsLeftOutMattersNoMore(
            @ForAll("entries") List<Entry> entries, @ForAll byte since, @ForAll byte later) {
        var list = PriceList.of(entries);
        var left = list.since(NOON.plusSeconds(since));
        long time = since + Math.abs((long) later);

        assertThat(at(left, time)).isEqualTo(at(list, time));
        left.models().values().forEach(prices -> assertThat(begun(prices, since)).isLessThan(2));
    }

    private static long begun(List<Dated> prices, long seconds) {
        var time = NOON.plusSeconds(seconds);
        return prices.stream().filter(dated -> !dated.from().isAfter(time)).count();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"models\":{}}",
                "{\"models\":{\"m\":[{}]},\"pools\":{}}",
                "{\"models\":{\"m\":[{\"from\":\"now\",\"input\":1,\"cachedInput\":1,\"output\":1,"
                        + "\"reasoning\":1,\"audioInput\":1,\"audioOutput\":1}]},\"pools\":{}}",
                "{\"models\":{\"m\":[{\"from\":\"2026-11-28T12:00:00Z\",\"input\":-1,"
                        + "\"cachedInput\":1,\"output\":1,\"reasoning\":1,\"audioInput\":1,"
                        + "\"audioOutput\":1}]},\"pools\":{}}",
                "{\"models\":{\"m\":[{\"from\":\"2026-11-28T12:00:00Z\",\"input\":0.5,"
                        + "\"cachedInput\":1,\"output\":1,\"reasoning\":1,\"audioInput\":1,"
                        + "\"audioOutput\":1}]},\"pools\":{}}"
            })
    void whatIsNoPriceListIsNone(String text) {
        assertThat(PriceText.read(text)).isEmpty();
    }
}
