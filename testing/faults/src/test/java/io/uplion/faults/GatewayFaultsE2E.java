// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.invariant.ProviderCall;
import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Leave;
import io.uplion.testing.load.Observation;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Gateways that die or are sent away, and clients that leave or do not listen: R4, R5, R11, R12,
/// R13 and R19.
@ExtendWith(EndsInTheChecker.class)
class GatewayFaultsE2E {
    private static final Duration END = Duration.ofSeconds(90);
    private static final String MODEL = "gateway-faults";

    /// Between two tokens of which the provider sends one each 50 ms.
    private static final Duration LONGEST_GAP = Duration.ofSeconds(5);

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
        // Long enough for a slow machine: nobody is done before all have begun.
        cluster.provider().script(MODEL, "tokens=150;interval=100ms;mark=serial");
        try (var mine = cluster.loadOn("gateway-1");
                var others = cluster.loadOn("gateway-2")) {
            var lost = mine.start(40, _ -> Ask.stream(MODEL).hungAfter(END));
            var kept = others.start(40, _ -> Ask.stream(MODEL).hungAfter(END));
            lost.awaitSpoken(40, END);
            kept.awaitSpoken(40, END);
            long killed = cluster.process("gateway-1").pid();
            cluster.witness().allow(Rules.STRICT.mayBreak(isSentTo("gateway-1")));
            Cluster.signal(killed, "KILL");

            assertThat(lost.awaitEnd(END)).allMatch(one -> one.is(Kind.CONNECTION_BROKEN));
            assertThat(kept.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.awaitAgain("gateway-1", killed);
        }
    }

    /// Whoever sends requests here must know that there is nobody to take them.
    @Test
    void platformWithoutAGatewayIsNotReady() {
        assertThat(parentReadiness()).isEqualTo(200);
        cluster.witness().allow(Rules.STRICT.mayBreak(_ -> true));
        try (var load = cluster.load()) {
            var lost = load.start(20, _ -> Ask.stream(MODEL).hungAfter(END)).awaitSpoken(20, END);
            long first = cluster.process("gateway-1").pid();
            long second = cluster.process("gateway-2").pid();
            Cluster.signal(first, "KILL");
            Cluster.signal(second, "KILL");

            Await.until("it is not ready", Duration.ofSeconds(5), () -> parentReadiness() == 503);
            assertThat(lost.awaitEnd(END)).noneMatch(one -> one.is(Kind.COMPLETED));
            cluster.awaitAgain("gateway-1", first);
            cluster.awaitAgain("gateway-2", second);
            Await.until("it is ready", END, () -> parentReadiness() == 200);
            assertThat(cluster.answers(MODEL)).isTrue();
        }
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
        cluster.model("narrow-gateway", "ttft=5s;tokens=2", "  concurrency: 1\n");
        try (var mine = cluster.loadOn("gateway-1")) {
            var volley = mine.start(8, _ -> Ask.stream("narrow-gateway").hungAfter(END));
            Await.until("all slots run", END, () -> underway() == Cluster.WORKERS);
            long killed = cluster.process("gateway-1").pid();
            cluster.witness().allow(Rules.STRICT.mayBreak(isSentTo("gateway-1")));
            Cluster.signal(killed, "KILL");
            var lost = volley.awaitEnd(END);
            cluster.awaitAgain("gateway-1", killed);
            cluster.provider().script("narrow-gateway", "tokens=2");

            assertThat(lost).allMatch(one -> one.is(Kind.CONNECTION_BROKEN));
            assertThat(cluster.answers("narrow-gateway")).as("what stands behind them").isTrue();
            cluster.witness().awaitNoTasks();
            assertThat(cluster.witness().calls(lost))
                    .as("those that ran when it was killed, and none that waited")
                    .hasSize(Cluster.WORKERS);
        } finally {
            cluster.remove("narrow-gateway");
        }
    }

    private static long underway() {
        return cluster.provider().underway().size();
    }

    private static Predicate<Observation> isSentTo(String gateway) {
        var url = cluster.endpoint(gateway);
        return one -> one.sent().baseUrl().equals(url);
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
        }
    }

    /// R11: whoever takes next to nothing is cut off and its provider stopped before it could send
    /// it all; fast readers do not notice.
    @Test
    void slowReaderHoldsNobodyUp() {
        cluster.provider().script(MODEL, "tokens=3000;interval=5ms;pad=20KB");
        try (var load = cluster.load();
                var direct = cluster.loadOn("gateway-1")) {
            var deaf = direct.start(4, _ -> Ask.stream(MODEL).slowly(50).hungAfter(END));
            Await.until("all four are answered", END, () -> underway() == 4);
            cluster.provider().script(MODEL, "tokens=30;interval=50ms;mark=serial");
            var fast = load.start(50, _ -> Ask.stream(MODEL).hungAfter(END)).awaitEnd(END);

            assertThat(fast)
                    .allMatch(one -> one.is(Kind.COMPLETED))
                    .allMatch(one -> one.gaps().max().orElse(0) < LONGEST_GAP.toNanos());
            // What they have not read yet hides from the clients themselves that they were cut off.
            cluster.provider().awaitInFlight(0, END);
            assertThat(cluster.witness().calls(deaf.leave().awaitEnd(END)))
                    .hasSize(4)
                    .allMatch(GatewayFaultsE2E::wasHeldBack);
        }
    }

    /// 1 MiB at the gateway, what was on its way, and what kernels take: far from the 60 MB that
    /// there were.
    private static boolean wasHeldBack(ProviderCall call) {
        var outcome = call.outcome().orElseThrow();
        return outcome.ending() == Ending.CLIENT_GONE && outcome.tokens() < 1500;
    }

    /// R12, for some seconds: streams with nothing on them stay.
    @Test
    void silentStreamsStayOpen() {
        cluster.provider().script(MODEL, "ttft=16s;tokens=2;mark=serial");
        try (var load = cluster.load()) {
            var idle = load.start(200, _ -> Ask.stream(MODEL).hungAfter(END));

            assertThat(idle.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
        }
    }

    /// R19: nothing is generated for clients whose time is up.
    @Test
    void taskThatNobodyWaitsForIsNotWorkedOn() {
        cluster.model("late", "ttft=3s;tokens=2", "  concurrency: 1\n");
        try (var load = cluster.load()) {
            var blocking = load.start(Cluster.WORKERS, _ -> Ask.stream("late").hungAfter(END));
            Await.until("all slots run", END, () -> underway() == Cluster.WORKERS);
            var late =
                    load.start(
                            6,
                            _ ->
                                    Ask.stream("late")
                                            .header("x-uplion-timeout", "500ms")
                                            .hungAfter(END));

            var refused = late.awaitEnd(END);
            assertThat(refused).allMatch(one -> one.is(Kind.HTTP_ERROR));
            assertThat(blocking.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.witness().awaitNoTasks();
            assertThat(cluster.witness().calls(refused)).isEmpty();
        } finally {
            cluster.remove("late");
        }
    }

    /// R19: nor for clients that have left the queue.
    @Test
    void taskWhoseClientHasLeftIsNotWorkedOn() {
        cluster.model("left", "ttft=3s;tokens=2", "  concurrency: 1\n");
        try (var load = cluster.load()) {
            var blocking = load.start(Cluster.WORKERS, _ -> Ask.stream("left").hungAfter(END));
            Await.until("all slots run", END, () -> underway() == Cluster.WORKERS);
            var leaving = load.start(2, _ -> Ask.stream("left").hungAfter(END));
            cluster.witness().awaitTasks(Cluster.WORKERS + 2);
            var gone = leaving.leave().awaitEnd(END);

            assertThat(gone).allMatch(one -> one.is(Kind.CANCELLED_BY_CLIENT));
            assertThat(blocking.awaitEnd(END)).allMatch(one -> one.is(Kind.COMPLETED));
            cluster.witness().awaitNoTasks();
            assertThat(cluster.witness().calls(gone)).isEmpty();
        } finally {
            cluster.remove("left");
        }
    }
}
