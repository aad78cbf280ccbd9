// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.queue.KeptLetters.KeptLetter;
import io.uplion.queue.SampleTasks;
import io.uplion.queue.SampleUsage;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarKeptLetters;
import io.uplion.queue.pulsar.PulsarLetters;
import io.uplion.queue.pulsar.PulsarUsage;
import io.uplion.task.UsageRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Usage records and dead letters: kept with a receipt, readable afterwards.
class PulsarStoresIT {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final String model = "model-" + UUID.randomUUID();
    private LocalBroker broker;
    private Rig rig;
    private PulsarLetters letters;
    private PulsarUsage usage;

    @BeforeEach
    void open() {
        broker = LocalBroker.shared();
        rig = Rig.shared(broker);
        rig.topics.prepare();
        rig.topics.createTopic(model);
        letters = new PulsarLetters(rig.connection);
        usage = new PulsarUsage(rig.connection);
    }

    @AfterEach
    void close() {
        if (rig != null) {
            letters.close();
            usage.close();
            rig.close();
        }
    }

    private DeadLetter letter(String reason, byte[] body) {
        var task = SampleTasks.task(model, new String(body, StandardCharsets.UTF_8));
        return new DeadLetter(task, Map.of("user-agent", "a test"), body, "pool-a", reason, NOW);
    }

    private DeadLetter letter(String reason) {
        return letter(reason, "{\"größe\":1}".getBytes(StandardCharsets.UTF_8));
    }

    private void write(DeadLetter letter) {
        letters.write(letter).toCompletableFuture().join();
    }

    /// Other tests' letters are there, too.
    private List<KeptLetter> kept(String model) {
        var found = new ArrayList<KeptLetter>();
        try (var admin = new PulsarAdmin(broker.adminUrl())) {
            new PulsarKeptLetters(rig.connection, admin)
                    .read(
                            letter -> {
                                if (letter.model().equals(model)) {
                                    found.add(letter);
                                }
                            });
        }
        return found;
    }

    private List<UsageRecord> read() {
        var records = new ArrayList<UsageRecord>();
        usage.read(records::add);
        return records;
    }

    private List<UsageRecord> publish(long from, long to) {
        var records = LongStream.range(from, to).mapToObj(SampleUsage::record).toList();
        records.forEach(record -> usage.publish(record).toCompletableFuture().join());
        return records;
    }

    @Test
    void lettersAreReadableAgainAndAgainAndAfterTheBrokerWasKilled() {
        var first = letter("one");
        var second = letter("two");
        write(first);
        write(second);

        for (int round = 0; round < 2; round++) {
            assertThat(kept(model))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(KeptLetter.of(first), KeptLetter.of(second)));
        }
        broker.killAndAwait();

        assertThat(kept(model))
                .extracting(letter -> letter.failure().reason())
                .containsExactly("one", "two");
    }

    @Test
    void letterMayBeAsLargeAsARequest() {
        var body = new byte[64 << 20];
        new Random(1).nextBytes(body);

        write(letter("large", body));

        assertThat(kept(model).getFirst().body()).isEqualTo(body);
    }

    /// They share what a connection may hold, which is twice the largest letter.
    @Test
    void usageRecordsAreKeptHoweverManyLargeLettersAreUnderWay() {
        var body = new byte[64 << 20];
        var letter =
                new DeadLetter(SampleTasks.task(model), Map.of(), body, "pool-a", "large", NOW);
        var large =
                IntStream.range(0, 3)
                        .mapToObj(_ -> letters.write(letter).toCompletableFuture())
                        .toList();
        var receipts = new ArrayList<CompletableFuture<Void>>();
        do {
            var receipt = usage.publish(SampleUsage.record(200)).toCompletableFuture();
            receipts.add(receipt);
            receipt.exceptionally(_ -> null).join();
        } while (!large.stream().allMatch(CompletableFuture::isDone));

        assertThat(receipts).isNotEmpty().noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(large).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void modelWithoutATopicHasNoLettersAndTakesNone() {
        assertThat(kept("model-without-a-topic")).isEmpty();
        var letter =
                new DeadLetter(
                        SampleTasks.task("model-without-a-topic"),
                        Map.of(),
                        new byte[0],
                        "pool",
                        "why",
                        NOW);

        assertThatThrownBy(() -> letters.write(letter).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(QueueException.class);
        assertThat(kept("model-without-a-topic")).isEmpty();
    }

    @Test
    void lettersOutliveTheirModel() {
        write(letter("why"));

        rig.topics.deleteTopic(model);
        rig.topics.createTopic(model);

        assertThat(kept(model)).hasSize(1);
    }

    @Test
    void usageRecordsAreThereInOrderAfterTheBrokerWasKilled() {
        var before = read().size();
        var expected = new ArrayList<>(publish(0, 50));

        broker.killAndAwait();
        expected.addAll(publish(50, 60));

        assertThat(read().subList(before, before + 60)).isEqualTo(expected);
    }

    /// An answer waits for its receipt rather than break.
    @Test
    void usageRecordWaitsForABrokerThatRestarts() {
        publish(100, 101);
        var before = read().size();
        broker.kill();

        var receipt = usage.publish(SampleUsage.record(101)).toCompletableFuture();
        broker.start();

        receipt.join();
        assertThat(read().subList(before, before + 1)).containsExactly(SampleUsage.record(101));
    }
}
