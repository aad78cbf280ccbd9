// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import io.uplion.testing.load.Observation;
import io.uplion.testing.wait.Await;
import java.time.Duration;

/// What can befall a cluster while it is used.
enum Fault {
    KILL_WORKER,
    KILL_GATEWAY,
    KILL_CONTROLLER,
    KILL_ACCESS,
    KILL_REDIS,
    KILL_BROKER,
    SEND_GATEWAY_AWAY,
    STOP_WORKER;

    /// Shorter than a keep-alive needs to find a silent peer.
    static final Duration STANDSTILL = Duration.ofSeconds(12);

    /// Until all others have noticed that somebody is back.
    private static final Duration NOTICED = Duration.ofSeconds(2);

    private static final Duration BACK = Duration.ofSeconds(120);

    /// @param direct where clients spoke to a gateway that it befell; empty if to none
    /// @param proxy where clients spoke to any gateway
    record Done(Fault fault, String direct, String proxy, long fromNanos, long toNanos) {
        /// Whether it excuses that the connection of this request broke without a word.
        boolean mayBreak(Observation one) {
            boolean mine = one.sent().baseUrl().equals(direct);
            return isDuring(one)
                    && switch (fault) {
                        case KILL_GATEWAY -> mine || one.sent().baseUrl().equals(proxy);
                        // Nobody listens there for a while; what it had taken, it finishes.
                        case SEND_GATEWAY_AWAY -> mine && one.heard().status() == 0;
                        case KILL_WORKER,
                                KILL_CONTROLLER,
                                KILL_ACCESS,
                                KILL_REDIS,
                                KILL_BROKER,
                                STOP_WORKER ->
                                false;
                    };
        }

        boolean isDuring(Observation one) {
            return one.end().atNanos() - fromNanos >= 0
                    && one.sent().atNanos() - toNanos - NOTICED.toNanos() <= 0;
        }
    }

    /// Returns when the platform answers again.
    Done strike(Cluster cluster, String model) {
        long from = System.nanoTime();
        String worker = cluster.workersOf(model).getLast();
        String direct = "";
        switch (this) {
            case KILL_WORKER -> cluster.killAndAwait(worker);
            case KILL_CONTROLLER -> cluster.killAndAwait("controller");
            case KILL_ACCESS -> cluster.killAndAwait("access");
            case KILL_REDIS -> cluster.killAndAwaitProcess("redis");
            case KILL_BROKER -> cluster.killAndAwaitProcess("pulsar");
            case STOP_WORKER -> standStill(cluster.process(worker).pid());
            case KILL_GATEWAY -> {
                direct = cluster.endpoint("gateway-1");
                cluster.killAndAwait("gateway-1");
            }
            case SEND_GATEWAY_AWAY -> {
                direct = cluster.endpoint("gateway-2");
                long leaving = cluster.process("gateway-2").pid();
                Cluster.signal(leaving, "TERM");
                cluster.awaitAgain("gateway-2", leaving);
            }
        }
        Await.until("requests are answered", BACK, () -> cluster.answers(model));
        return new Done(this, direct, cluster.url(), from, System.nanoTime());
    }

    private static void standStill(long worker) {
        long until = System.nanoTime() + STANDSTILL.toNanos();
        Cluster.signal(worker, "STOP");
        Await.until("the moment comes", BACK, () -> System.nanoTime() - until >= 0);
        Cluster.signal(worker, "CONT");
    }
}
