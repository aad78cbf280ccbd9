// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.TokenUsage;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromGateway.Later;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk;
import io.uplion.task.ReplyDesk.ReplyStream;
import io.uplion.task.Task;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a worker may rely on, wherever its gateway is.
abstract class ReplyDeskContract {
    private static final int LARGE = 64 << 20;

    final FakeGateway gateway = new FakeGateway();
    final Ear ear = new Ear();

    /// A worker's way to the gateway.
    abstract ReplyDesk desk();

    abstract Task.Gateway self();

    ReplyStream attach() {
        return desk().attach(gateway.waits(self()), ear);
    }

    @Test
    void gatewayLearnsWhoAttaches() {
        var attach = gateway.waits(self());
        desk().attach(attach, ear);

        assertThat(gateway.next().attach()).isEqualTo(attach);
    }

    @Test
    void wordSaidWhileAttachingIsHeard() {
        gateway.onAttach(stream -> stream.say(new Later(Duration.ofSeconds(3))));
        attach();

        assertThat(ear.await(1)).containsExactly(new Later(Duration.ofSeconds(3)));
    }

    @Test
    void everythingTheGatewaySaysIsHeardInOrder() {
        attach();
        var stream = gateway.next();
        Samples.GATEWAY.forEach(stream::say);

        assertThat(ear.await(Samples.GATEWAY.size()))
                .usingRecursiveComparison()
                .isEqualTo(Samples.GATEWAY);
    }

    @Test
    void everyLastWordIsHeardAndNothingAfterIt() {
        for (FromGateway last : Samples.LAST_WORDS) {
            var heard = new Ear();
            desk().attach(gateway.waits(self()), heard);
            gateway.next().say(new Go(1, new byte[0])).say(last);

            assertThat(heard.await(2).getLast()).usingRecursiveComparison().isEqualTo(last);
            assertThat(heard.count()).isEqualTo(2);
        }
    }

    @Test
    void everythingTheWorkerSaysIsHeardInOrder() {
        var stream = attach();
        Samples.WORKER.forEach(stream::send);

        assertThat(gateway.next().await(Samples.WORKER.size()))
                .usingRecursiveComparison()
                .isEqualTo(Samples.WORKER);
    }

    @Test
    void manyEventsKeepTheirOrder() {
        var stream = attach();
        var events = IntStream.range(0, 20_000).mapToObj(i -> Samples.event("" + i)).toList();
        events.forEach(stream::send);
        stream.send(new FromWorker.End(TokenUsage.of(3, 4)));
        stream.close();

        var heard = gateway.next().await(events.size() + 1);
        assertThat(heard.getLast()).isEqualTo(new FromWorker.End(TokenUsage.of(3, 4)));
        assertThat(Samples.texts(heard.subList(0, events.size()))).isEqualTo(Samples.texts(events));
    }

    @Test
    void largeBodyComesWithTheLeave() {
        attach();
        var body = Samples.bytes(LARGE);
        gateway.next().say(new Go(1, body));

        assertThat(((Go) ear.await(1).getFirst()).body()).isEqualTo(body);
    }

    @Test
    void largeAnswerGoesInOnePieceAndItsEndComesAfterIt() {
        var stream = attach();
        var body = Samples.bytes(LARGE);
        stream.send(new FromWorker.Answer(200, "application/json", body));
        stream.send(new FromWorker.End(TokenUsage.of(3, 4)));
        stream.close();

        var heard = gateway.next().await(2);
        assertThat(((FromWorker.Answer) heard.getFirst()).body()).isEqualTo(body);
        assertThat(heard.getLast()).isEqualTo(new FromWorker.End(TokenUsage.of(3, 4)));
    }

    @Test
    void strangerIsToldToForgetAndIsNotHeard() {
        var known = gateway.waits(self());
        var strange = new Attach(known.task(), self(), "guessed", "pool-a", "pool-a-1");
        var stream = desk().attach(strange, ear);

        assertThat(ear.await(1)).containsExactly(Done.FORGET);
        stream.close();
        assertThat(gateway.nobodyAttached()).isTrue();
    }

    @Test
    void closedStreamIsClosedOnceAndAfterItsMessages() {
        var stream = attach();
        stream.send(Samples.event("a"));
        stream.close();

        var there = gateway.next();
        there.awaitClosed(Duration.ofSeconds(5));
        assertThat(there.count()).isEqualTo(1);
        assertThat(there.closed()).isEqualTo(1);
    }

    @Test
    void cancelReachesAWorkerThatIsSending() {
        var stream = attach();
        var there = gateway.next();
        for (int i = 0; i < 1000; i++) {
            stream.send(Samples.event("" + i));
        }
        there.say(new Cancel(Cancel.Reason.CLIENT_GONE));

        assertThat(ear.await(1, Duration.ofMillis(500)))
                .containsExactly(new Cancel(Cancel.Reason.CLIENT_GONE));
    }

    @Test
    void thousandStreamsAtOnceEndWhole() {
        int streams = 1000;
        int events = 20;
        var ears = new ArrayList<Ear>();
        var opened = new ArrayList<ReplyStream>();
        gateway.onAttach(stream -> stream.say(new Go(1, new byte[0])));
        for (int i = 0; i < streams; i++) {
            var heard = new Ear();
            ears.add(heard);
            opened.add(desk().attach(gateway.waits(self()), heard));
        }
        Await.until(
                "all are let in",
                Duration.ofSeconds(20),
                () -> ears.stream().allMatch(heard -> heard.count() == 1));
        for (int i = 0; i < events; i++) {
            var event = Samples.event("" + i);
            opened.forEach(stream -> stream.send(event));
        }
        opened.forEach(stream -> stream.send(new FromWorker.End(TokenUsage.of(3, 4))));
        opened.forEach(ReplyStream::close);

        for (int i = 0; i < streams; i++) {
            var there = gateway.next();
            assertThat(there.await(events + 1).getLast())
                    .isEqualTo(new FromWorker.End(TokenUsage.of(3, 4)));
            there.awaitClosed(Duration.ofSeconds(5));
        }
        assertThat(ears).allSatisfy(heard -> assertThat(heard.count()).isEqualTo(1));
    }
}
