// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.billing.Usages;
import io.uplion.billing.intake.PulsarSource;
import io.uplion.billing.intake.UsageSource;
import io.uplion.billing.intake.UsageSource.Bounds;
import io.uplion.billing.intake.UsageSource.SourceException;
import io.uplion.billing.intake.UsageSourceContract;
import io.uplion.queue.pulsar.PulsarUsage;
import io.uplion.task.UsageRecord;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.UUID;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Usage that waits at a real broker. Other tests' usage is taken away first.
class PulsarSourceIT extends UsageSourceContract {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Bounds SOME = new Bounds(100, Duration.ofMillis(100));

    private LocalBroker broker;
    private Rig rig;
    private PulsarUsage usage;

    @BeforeEach
    void openQueue() {
        broker = LocalBroker.shared();
        rig = Rig.shared(broker);
        rig.topics.prepare();
        usage = new PulsarUsage(rig.connection);
        try (var others = open(SOME)) {
            var end = others.mark();
            Await.until(
                    "other tests' usage is gone",
                    LIMIT,
                    () -> {
                        take(others);
                        others.acknowledge();
                        return others.isPassed(end);
                    });
        }
    }

    @AfterEach
    void closeQueue() {
        if (rig != null) {
            usage.close();
            rig.close();
        }
    }

    @Override
    protected UsageSource open(Bounds bounds) {
        return new PulsarSource(rig.connection, bounds);
    }

    @Override
    protected void publish(UsageRecord record) {
        usage.publish(record).toCompletableFuture().join();
    }

    @Override
    protected void publishJunk(String text) throws PulsarClientException {
        try (var client = PulsarClient.builder().serviceUrl(broker.serviceUrl()).build();
                var producer =
                        client.newProducer().topic("persistent://uplion/system/usage").create()) {
            producer.send(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static int take(UsageSource source) {
        try {
            return source.take().records().size();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (SourceException e) {
            return 0;
        }
    }

    @Test
    void ofTwoOneTakesAndTheOtherWhenThatIsGone() {
        var some = Usages.any();
        try (var second = openSecond()) {
            try (var first = open(SOME)) {
                Await.until(
                        "one of them takes",
                        LIMIT,
                        () -> {
                            publish(some.costs(1));
                            return take(first) + take(second) > 0;
                        });
            }
            publish(some.costs(1));
            Await.until("the other one takes", LIMIT, () -> take(second) > 0);
        }
    }

    private UsageSource openSecond() {
        var second = open(SOME);
        take(second);
        return second;
    }

    @Test
    void itGoesOnAfterTheTopicMovedAndTheBrokerWasKilled() {
        var some = Usages.any();
        var published = new HashSet<UUID>();
        var seen = new HashSet<UUID>();
        try (var source = open(SOME)) {
            for (var trouble : new Runnable[] {() -> {}, this::unload, broker::killAndAwait}) {
                trouble.run();
                for (int i = 0; i < 20; i++) {
                    var record = some.costs(1);
                    publish(record);
                    published.add(record.claim().task());
                }
                Await.until(
                        "all is taken",
                        LIMIT,
                        () -> {
                            try {
                                source.take().records().forEach(it -> seen.add(it.claim().task()));
                                source.acknowledge();
                            } catch (SourceException _) {
                                return false;
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                            return seen.containsAll(published);
                        });
            }
        }
    }

    private void unload() {
        broker.unload("uplion/system/usage");
    }

    @Test
    void whoeverReadsWhatTheBrokerHasSeesRecordsAndNoMarks() {
        var record = Usages.any().costs(1);
        try (var source = open(SOME)) {
            source.mark();
            publish(record);
            source.mark();
        }
        var read = new ArrayList<UUID>();

        usage.read(it -> read.add(it.claim().task()));

        assertThat(read).endsWith(record.claim().task());
    }
}
