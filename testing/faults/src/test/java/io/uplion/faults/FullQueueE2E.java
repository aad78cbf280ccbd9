// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// One queue behind two gateways, which newcomers keep full: two slots, about two tasks a second.
@ExtendWith(EndsInTheChecker.class)
class FullQueueE2E {
    private static final String MODEL = "full";

    private static final String MANIFEST =
            """
              concurrency: 1
              price: {inputPerMillion: "1", outputPerMillion: "2"}
              limits: {queued: 8, outputTokens: 4096}
            """;

    /// Two of them run, and more wait than the queue takes: whatever place is free, one takes it.
    private static final int NEWCOMERS = 11;

    private static final int CLIENTS = 4;
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
    }

    /// Each is refused by one gateway, waits as long as it was told, comes back to the other, and
    /// is let in.
    @Test
    void clientsThatObeyTheRetryAfterOfAFullQueueGetInAtEitherGateway() throws Exception {
        cluster.model(MODEL, "ttft=1s;tokens=1", MANIFEST);
        var key = cluster.newKey();
        var over = new AtomicBoolean();
        var newcomers = new ArrayList<Thread>();
        var clients = new ArrayList<Thread>();
        var second = new ConcurrentLinkedQueue<Integer>();
        try {
            for (int i = 0; i < NEWCOMERS; i++) {
                var url = gatewaysFrom(i).getFirst();
                newcomers.add(Thread.ofVirtual().start(() -> comeAgainAndAgain(url, key, over)));
            }
            for (int i = 0; i < CLIENTS; i++) {
                var urls = gatewaysFrom(i);
                clients.add(Thread.ofVirtual().start(() -> second.add(obey(urls))));
            }
            join(clients);
        } finally {
            over.set(true);
            join(newcomers);
            cluster.remove(MODEL);
        }
        assertThat(second).hasSize(CLIENTS).allMatch(status -> status == 200);
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (var thread : threads) {
            thread.join();
        }
    }

    /// All of them, beginning with this one, modulo their number.
    private static List<String> gatewaysFrom(int first) {
        var names = cluster.names("gateway");
        var urls = new ArrayList<String>();
        for (int i = 0; i < names.size(); i++) {
            urls.add(cluster.endpoint(names.get((first + i) % names.size())));
        }
        return urls;
    }

    private static void comeAgainAndAgain(String url, String key, AtomicBoolean over) {
        while (!over.get()) {
            if (cluster.chat(url, key, MODEL, "new").status() != 200) {
                // reason: refused; about as soon as a place is free, whatever it was told.
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        }
    }

    /// @return what it is told when it comes back
    private static int obey(List<String> urls) {
        RawResponse first;
        do {
            first = cluster.chat(urls.getFirst(), cluster.apiKey(), MODEL, "hi");
        } while (first.status() == 200);
        assertThat(first.status()).isEqualTo(503);
        assertThat(first.body()).contains("queue_full");
        var wait = Duration.ofSeconds(Long.parseLong(first.header("retry-after")));
        // reason: as it was told; whether that time is enough is what is tested.
        LockSupport.parkNanos(wait.toNanos());
        return cluster.chat(urls.getLast(), cluster.apiKey(), MODEL, "hi").status();
    }
}
