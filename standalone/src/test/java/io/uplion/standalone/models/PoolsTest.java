// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.openai.Endpoint;
import io.uplion.queue.InProcessQueue;
import io.uplion.task.Task;
import io.uplion.testing.wait.Await;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolsTest {
    private final LiveCatalog catalog = new LiveCatalog(Clock.systemUTC());
    private final InProcessQueue queue = new InProcessQueue(Runnable::run);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Pools pools =
            new Pools(catalog, queue, this::start, new QueueMeters(meters, queue));

    @AfterEach
    void close() {
        queue.close();
    }

    private Pools.PoolWorker start(AIModel manifest, Consumer<PoolStatus> report) {
        if (manifest.model().equals("broken")) {
            throw new IllegalStateException("no such engine");
        }
        var name = manifest.name() + "/" + manifest.concurrency();
        log.add("start " + name);
        report.accept(PoolStatus.RUNNING);
        return new FakeWorker(name);
    }

    private final class FakeWorker implements Pools.PoolWorker {
        private final String name;

        FakeWorker(String name) {
            this.name = name;
        }

        @Override
        public void stopPulling() {
            log.add("stop " + name);
        }

        @Override
        public void retire() {
            log.add("retire " + name);
        }

        @Override
        public void close() {
            log.add("close " + name);
        }
    }

    private static AIModel pool(String name, String model, int concurrency) {
        return new AIModel(
                name,
                model,
                Serving.Simulator.DEFAULT,
                EnumSet.allOf(Endpoint.class),
                concurrency,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(concurrency),
                AIModel.Price.FREE,
                AIModel.Limits.DEFAULT,
                AIModel.Access.EVERYONE);
    }

    private void awaitLogged(String line) {
        Await.until(line, Duration.ofSeconds(10), () -> log.contains(line));
    }

    private boolean publish(String model) {
        var task =
                new Task(
                        UUID.randomUUID(),
                        model,
                        Endpoint.CHAT,
                        false,
                        Instant.now().plusSeconds(60),
                        new Task.Gateway("g", new UUID(0, 0)),
                        "n",
                        new Task.Kept(1));
        return !queue.publish(task).toCompletableFuture().isCompletedExceptionally();
    }

    @Test
    void newPoolHasATopicAWorkerAndAPlaceInTheCatalog() {
        assertThat(publish("m")).isFalse();

        pools.apply(List.of(pool("a", "m", 4)));

        assertThat(log).containsExactly("start a/4");
        assertThat(catalog.find("m")).isNotNull();
        assertThat(catalog.find("m").pools().getFirst().status()).isEqualTo(PoolStatus.RUNNING);
        assertThat(publish("m")).isTrue();
        assertThat(meters.get("uplion.queue.tasks").tag("state", "waiting").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void whatHasNotChangedIsLeftAlone() {
        pools.apply(List.of(pool("a", "m", 4)));
        pools.apply(List.of(pool("a", "m", 4)));

        assertThat(log).containsExactly("start a/4");
    }

    @Test
    void changedPoolGetsANewWorkerAndKeepsItsTasks() {
        pools.apply(List.of(pool("a", "m", 4)));
        assertThat(publish("m")).isTrue();

        pools.apply(List.of(pool("a", "m", 8)));

        awaitLogged("retire a/4");
        assertThat(log).containsSubsequence("start a/4", "stop a/4", "start a/8");
        assertThat(log).doesNotContain("close a/4");
        assertThat(queue.depth("m").waiting()).isEqualTo(1);
        assertThat(catalog.find("m").pools().getFirst().manifest().concurrency()).isEqualTo(8);
    }

    @Test
    void removedPoolGoesAndItsModelWithTheLast() {
        pools.apply(List.of(pool("a", "m", 4), pool("b", "m", 5)));
        pools.apply(List.of(pool("b", "m", 5)));

        awaitLogged("retire a/4");
        assertThat(publish("m")).as("another pool serves the model").isTrue();
        pools.apply(List.of());

        awaitLogged("retire b/5");
        assertThat(catalog.find("m")).isNull();
        assertThat(publish("m")).isFalse();
        assertThat(meters.find("uplion.queue.tasks").gauges()).isEmpty();
    }

    @Test
    void renamedModelMovesWithItsTopic() {
        pools.apply(List.of(pool("a", "m", 4)));
        pools.apply(List.of(pool("a", "n", 4)));

        awaitLogged("retire a/4");
        assertThat(catalog.find("m")).isNull();
        assertThat(catalog.find("n")).isNotNull();
        assertThat(publish("m")).isFalse();
        assertThat(publish("n")).isTrue();
        assertThat(catalog.find("n").pools().getFirst().status()).isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void poolsThatAreExchangedKeepWhatWaits() {
        pools.apply(List.of(pool("a", "m", 4)));
        assertThat(publish("m")).isTrue();

        pools.apply(List.of(pool("b", "m", 4)));

        assertThat(queue.depth("m").waiting()).isEqualTo(1);
    }

    @Test
    void poolThatCannotStartSaysWhyAndTheOthersGoOn() {
        pools.apply(List.of(pool("a", "broken", 4), pool("b", "m", 4)));

        var status = catalog.find("broken").pools().getFirst().status();
        assertThat(status.state()).isEqualTo(PoolStatus.State.FAILED);
        assertThat(status.message()).contains("no such engine");
        assertThat(log).containsExactly("start b/4");
        pools.apply(List.of(pool("a", "well", 4), pool("b", "m", 4)));
        assertThat(log).containsExactly("start b/4", "start a/4");
    }

    @Test
    void allWorkersAreClosedAtTheEnd() {
        pools.apply(List.of(pool("a", "m", 4), pool("b", "n", 5)));
        pools.close();

        assertThat(log).contains("close a/4", "close b/5");
    }
}
