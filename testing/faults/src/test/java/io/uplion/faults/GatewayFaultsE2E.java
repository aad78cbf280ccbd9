// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Leave;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Gateways that die or are sent away, and clients that leave or do not listen: R4, R5, R11, R12,
/// R13 and R19.
class GatewayFaultsE2E {
    private static final Duration END = Duration.ofSeconds(90);
    private static final String MODEL = "gateway-faults";

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
        cluster.model(MODEL, "tokens=30;interval=100ms;mark=serial", "  concurrency: 256\n");
    }

    @BeforeEach
    void bothGateways() {
        Await.until(
                "both gateways are ready",
                END,
                () -> cluster.isReady("gateway-1") && cluster.isReady("gateway-2"));
        cluster.provider().script(MODEL, "tokens=30;interval=100ms;mark=serial");
    }

    /// R4: its own clients see a broken connection, nobody works for them after five seconds, and
    /// the other gateway's clients see nothing.
    @Test
    void gatewayThatIsKilledTakesOnlyItsOwnClientsAlong() {
        try (var mine = cluster.loadOn("gateway-1");
                var others = cluster.loadOn("gateway-2")) {
            var lost = mine.start(40, _ -> Ask.stream(MODEL).hungAfter(END));
            var kept = others.start(40, _ -> Ask.stream(MODEL).hungAfter(END));
            lost.awaitSpoken(40, END);
            kept.awaitSpoken(40, END);
            long killed = cluster.process("gateway-1").pid();
            Cluster.signal(killed, "KILL");

            assertThat(lost.awaitEnd(END)).allMatch(one -> one.is(Kind.CONNECTION_BROKEN));
            assertThat(kept.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.awaitAgain("gateway-1", killed);
            cluster.assertInvariants(Rules.STRICT.mayBreak(_ -> true), mine);
            cluster.assertInvariants(Rules.STRICT, others);
        }
    }

    /// Whoever sends requests here must know that there is nobody to take them.
    @Test
    void platformWithoutAGatewayIsNotReady() {
        assertThat(parentReadiness()).isEqualTo(200);
        long first = cluster.process("gateway-1").pid();
        long second = cluster.process("gateway-2").pid();
        Cluster.signal(first, "KILL");
        Cluster.signal(second, "KILL");

        Await.until("it is not ready", Duration.ofSeconds(5), () -> parentReadiness() == 503);
        cluster.awaitAgain("gateway-1", first);
        cluster.awaitAgain("gateway-2", second);
        Await.until("it is ready", END, () -> parentReadiness() == 200);
    }

    private static int parentReadiness() {
        var metrics = cluster.program().find("metrics: ").orElseThrow();
        try (var http = RawHttp.connect(metrics.replace("/metrics", ""))) {
            return http.get("/readyz").readResponse().status();
        }
    }

    /// Requests that waited in the queue for a gateway that is gone are never worked on.
    @Test
    void tasksOfADeadGatewayCostNothing() {
        cluster.model("narrow-gateway", "ttft=1500ms;tokens=2", "  concurrency: 1\n");
        cluster.provider().awaitInFlight(0, END);
        int before = cluster.provider().served("narrow-gateway").size();
        try (var mine = cluster.loadOn("gateway-1")) {
            var waiting = mine.start(8, _ -> Ask.stream("narrow-gateway").hungAfter(END));
            Await.until(
                    "one of them runs",
                    END,
                    () ->
                            cluster.provider().served("narrow-gateway").size() > before
                                    || cluster.provider().inFlight() > 0);
            long killed = cluster.process("gateway-1").pid();
            Cluster.signal(killed, "KILL");
            waiting.awaitEnd(END);
            cluster.awaitAgain("gateway-1", killed);
            int asked = cluster.provider().served("narrow-gateway").size();

            assertThat(cluster.chat("narrow-gateway").status()).isEqualTo(200);
            assertThat(cluster.provider().served("narrow-gateway").size() - asked)
                    .as("of those that nobody waits for")
                    .isLessThanOrEqualTo(3);
        } finally {
            cluster.remove("narrow-gateway");
        }
    }

    /// R5: not ready at once, and gone when its last answer is.
    @Test
    void gatewayThatIsSentAwayFinishesItsAnswers() {
        try (var load = cluster.load()) {
            var volley = load.start(60, _ -> Ask.stream(MODEL).hungAfter(END)).awaitSpoken(60, END);
            long leaving = cluster.process("gateway-2").pid();
            Cluster.signal(leaving, "TERM");
            Await.until(
                    "it is not ready", Duration.ofSeconds(3), () -> !cluster.isReady("gateway-2"));
            var meanwhile = load.start(10, _ -> Ask.stream(MODEL).hungAfter(END));

            assertThat(volley.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            assertThat(meanwhile.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.awaitAgain("gateway-2", leaving);
            cluster.assertInvariants(Rules.STRICT, load);
        }
    }

    /// R13.
    @Test
    void clientsThatLeaveStopTheirProviders() {
        try (var load = cluster.load()) {
            var seen =
                    load.start(
                                    40,
                                    i ->
                                            Ask.stream(MODEL)
                                                    .hungAfter(END)
                                                    .leaving(new Leave.AfterFrames(1 + i % 20)))
                            .awaitEnd(END);

            assertThat(seen).allMatch(one -> one.is(Kind.CANCELLED_BY_CLIENT));
            cluster.assertInvariants(Rules.STRICT, load);
        }
    }

    /// R11: fast readers do not notice.
    @Test
    void slowReaderHoldsNobodyUp() {
        cluster.provider().script(MODEL, "tokens=40;interval=50ms;pad=20KB");
        try (var load = cluster.load()) {
            var slow = load.start(2, _ -> Ask.stream(MODEL).slowly(1024).hungAfter(END));
            slow.awaitSpoken(2, END);
            cluster.provider().script(MODEL, "tokens=30;interval=50ms;mark=serial");
            var fast = load.start(50, _ -> Ask.stream(MODEL).hungAfter(END));

            assertThat(fast.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            slow.leave().awaitEnd(END);
        }
    }

    /// R12, for some seconds: streams with nothing on them stay.
    @Test
    void silentStreamsStayOpen() {
        cluster.provider().script(MODEL, "ttft=16s;tokens=2;mark=serial");
        try (var load = cluster.load()) {
            var idle = load.start(200, _ -> Ask.stream(MODEL).hungAfter(END));

            assertThat(idle.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.assertInvariants(Rules.STRICT, load);
        }
    }

    /// R19: nothing is generated for clients whose time is up.
    @Test
    void taskThatNobodyWaitsForIsNotWorkedOn() {
        cluster.model("late", "ttft=3s;tokens=2", "  concurrency: 1\n");
        cluster.provider().awaitInFlight(0, END);
        try (var load = cluster.load()) {
            int before = cluster.provider().served("late").size();
            var blocking = load.start(Cluster.WORKERS, _ -> Ask.stream("late").hungAfter(END));
            Await.until(
                    "all slots run", END, () -> cluster.provider().inFlight() == Cluster.WORKERS);
            var late =
                    load.start(
                            6,
                            _ ->
                                    Ask.stream("late")
                                            .header("x-uplion-timeout", "500ms")
                                            .hungAfter(END));

            assertThat(late.awaitEnd(END)).allMatch(one -> one.is(Kind.HTTP_ERROR));
            assertThat(blocking.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            assertThat(cluster.chat("late").status()).isEqualTo(200);
            assertThat(cluster.provider().served("late").size() - before)
                    .as("those that blocked, and the last one")
                    .isEqualTo(Cluster.WORKERS + 1);
            cluster.assertInvariants(Rules.STRICT, load);
        } finally {
            cluster.remove("late");
        }
    }
}
