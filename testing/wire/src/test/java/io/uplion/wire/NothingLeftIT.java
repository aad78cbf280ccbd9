// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.TokenUsage;
import io.uplion.task.FromGateway.Go;
import io.uplion.task.FromGateway.Later;
import io.uplion.task.FromGateway.Lost;
import io.uplion.task.FromWorker;
import io.uplion.testing.wait.Await;
import io.uplion.worker.reply.GrpcReplyDeskConfig;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What is left when a stream, a connection or a side of it ends.
class NothingLeftIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("grpc") || name.startsWith("reply"))
                .collect(Collectors.toSet());
    }

    @Test
    void manyStreamsShareOneConnection() {
        try (var line = Line.open()) {
            for (int i = 0; i < 50; i++) {
                line.granted();
            }
            assertThat(line.proxy().connections()).isEqualTo(1);
        }
    }

    @Test
    void connectionWithoutStreamsIsClosedAfterAWhile() {
        var standard = GrpcReplyDeskConfig.DEFAULT;
        var config =
                new GrpcReplyDeskConfig(
                        standard.connect(),
                        standard.answer(),
                        standard.unreachable(),
                        standard.queuedBytes(),
                        standard.keepAlive(),
                        standard.keepAliveTimeout(),
                        Duration.ofMillis(300),
                        standard.maxIdle());
        try (var line = Line.open(config)) {
            var pair = line.granted();
            var open = line.granted();
            pair.worker().close();
            pair.gateway().awaitClosed(SOON);
            assertThat(line.proxy().connections()).isEqualTo(1);
            open.worker().close();

            Await.until("it is closed", SOON, () -> line.proxy().connections() == 0);
            assertThat(line.granted().ear().heard()).hasSize(1).first().isInstanceOf(Go.class);
        }
    }

    @Test
    void wordsSaidBeforeTheDeskClosesAreHeard() {
        try (var line = Line.open()) {
            var pair = line.granted();
            for (int i = 0; i < 5000; i++) {
                pair.send(Samples.event("" + i));
            }
            pair.send(new FromWorker.End(TokenUsage.of(3, 4)));
            pair.worker().close();
            line.desk().close();

            assertThat(pair.gateway().await(5001).getLast())
                    .isEqualTo(new FromWorker.End(TokenUsage.of(3, 4)));
            assertThat(pair.ear().count()).isEqualTo(1);
        }
    }

    @Test
    void wordsSaidBeforeTheServerClosesAreHeard() {
        try (var line = Line.open()) {
            var pair = line.granted();
            pair.gateway().say(new Go(2, Samples.bytes(8 << 20)));
            pair.gateway().say(new Later(Duration.ZERO));
            line.server().close();

            assertThat(pair.ear().await(3)).noneMatch(Lost.class::isInstance);
        }
    }

    @Test
    void noThreadAndNoConnectionIsLeftAfterTheClose() {
        var line = Line.open();
        var pair = line.granted();
        line.granted();
        assertThat(threads()).isNotEmpty();
        pair.worker().close();
        line.desk().close();
        Await.until("no connection", SOON, () -> line.proxy().connections() == 0);
        line.close();

        Await.until("no thread", SOON, () -> threads().isEmpty());
    }
}
