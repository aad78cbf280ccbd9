// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.counters.reserve.Reserved.Held;
import io.uplion.counters.reserve.Reserved.Refused;
import io.uplion.testing.wait.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Many nodes spend one budget while billing bills what it hears of, in any order, and some nodes
/// die with what their tasks hold.
final class Spenders {
    private static final long BUDGET = 4_000;
    private static final int THREADS = 16;

    private final List<Purse> nodes;
    private final Subject key = Purse.limited("key:a", BUDGET).withTasksAtOnce(1_000);
    private final Queue<Bill> reported = new ConcurrentLinkedQueue<>();
    private long ledger;
    private long version = 1;

    private record Bill(Ask ask, long nanos) {}

    Spenders(List<Purse> nodes) {
        this.nodes = nodes;
        nodes.getFirst().open("key:a", 0, version);
    }

    void run() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var spending = new ArrayList<Future<?>>();
            for (var i = 0; i < THREADS; i++) {
                var node = nodes.get(i % nodes.size());
                var random = new Random(i);
                spending.add(threads.submit(() -> spend(node, random)));
            }
            while (!spending.stream().allMatch(Future::isDone)) {
                bill();
                assertThat(ledger).isLessThanOrEqualTo(BUDGET);
            }
            for (var spender : spending) {
                spender.get();
            }
        }
        bill();
        assertThat(ledger).isBetween(BUDGET / 2, BUDGET);
        nothingIsLeftAndNothingIsMissing();
    }

    private void spend(Purse node, Random random) {
        for (var i = 0; i < 60; i++) {
            var ask = node.ask(1 + random.nextInt(50), key);
            if (node.reserve(ask) instanceof Held) {
                var used = Math.min(random.nextInt(70), ask.nanos());
                switch (random.nextInt(10)) {
                    case 0 -> node.renew(ask); // and dies
                    case 1 -> node.settle(ask, 0);
                    case 2, 3 -> {
                        reported.add(new Bill(ask, used));
                        node.settle(ask, used);
                    }
                    default -> {
                        node.settle(ask, used);
                        reported.add(new Bill(ask, used));
                    }
                }
            }
        }
    }

    private void bill() {
        var asks = new ArrayList<Ask>();
        for (var bill = reported.poll(); bill != null; bill = reported.poll()) {
            ledger += bill.nanos();
            asks.add(bill.ask());
        }
        nodes.getLast().billed("key:a", ledger, ++version, asks.toArray(Ask[]::new));
    }

    private void nothingIsLeftAndNothingIsMissing() {
        var purse = nodes.getFirst();
        Await.until(
                "all is freed",
                Asking.LIMIT,
                () -> {
                    purse.overdue().forEach(purse::release);
                    return purse.reserve(BUDGET - ledger, key) instanceof Held;
                });
        assertThat(purse.reserve(1, key)).isInstanceOf(Refused.class);
    }
}
