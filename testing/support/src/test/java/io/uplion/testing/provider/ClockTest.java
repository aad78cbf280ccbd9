// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.SseEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClockTest {
    private final FakeProvider provider = FakeProvider.start();
    private final Call call = new Call(provider);

    @AfterEach
    void stop() {
        provider.close();
    }

    private static final int STREAMS = 256;

    @Test
    void manyStreamsKeepTheirOrderAndTheirTime() throws Exception {
        var start = System.nanoTime();
        Callable<List<SseEvent>> one =
                () -> {
                    try (var stream = call.stream("fake;tokens=20;ttft=100ms;interval=20ms")) {
                        return stream.events();
                    }
                };
        var running = new ArrayList<Future<List<SseEvent>>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < STREAMS; i++) {
                running.add(threads.submit(one));
            }
        }
        for (var stream : running) {
            var events = stream.get();
            assertThat(Call.text(events.stream().map(SseEvent::data).toList()))
                    .isEqualTo(Call.numbered(20));
            var took = Duration.ofNanos(events.getLast().atNanos() - start);
            assertThat(took).isBetween(Duration.ofMillis(480), Duration.ofSeconds(30));
        }
        assertThat(provider.counters().completed()).isEqualTo(STREAMS);
        assertThat(provider.counters().tokens()).isEqualTo(STREAMS * 20);
    }

    @Test
    void tokensComeAtTheirTime() {
        try (var stream = call.stream("fake;tokens=10;interval=30ms")) {
            var events = stream.events();
            var first = events.get(1).atNanos();
            var ninth = events.get(10).atNanos();
            assertThat(Duration.ofNanos(ninth - first))
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(10));
        }
    }

    @Test
    void wholeAnswerWaitsForTheFirstTokenOnly() {
        var start = System.nanoTime();
        call.whole("fake;tokens=1000;interval=1s;ttft=100ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(100), Duration.ofSeconds(20));
    }

    @Test
    void waitsLongerThanTheWheelHasSlots() {
        var wheelTurn = Duration.ofMillis(4096);
        var start = System.nanoTime();
        call.whole("fake;ttft=4200ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(wheelTurn);
    }

    @Test
    void severalLoopsShareThePort() {
        try (var wide = FakeProvider.start(0, 2)) {
            for (var i = 0; i < 8; i++) {
                assertThat(new Call(wide).whole("fake").status()).isEqualTo(200);
            }
            assertThat(wide.served()).hasSize(8);
        }
    }
}
