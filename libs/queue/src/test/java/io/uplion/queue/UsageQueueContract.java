// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.UsageRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What whoever answers and whoever bills rely on, wherever usage records are kept. Each adapter's
/// tests extend this. That a receipt outlives a kill is shown where there is something to kill.
public abstract class UsageQueueContract {
    private final Set<UUID> own = ConcurrentHashMap.newKeySet();
    private UsageQueue queue;

    /// The same store each time it is called.
    protected abstract UsageQueue open() throws Exception;

    protected abstract void close(UsageQueue opened) throws Exception;

    /// Everything that the store has, oldest first; it may have records of other tests.
    protected abstract List<UsageRecord> everything() throws Exception;

    @BeforeEach
    void openQueue() throws Exception {
        queue = open();
    }

    @AfterEach
    void closeQueue() throws Exception {
        if (queue != null) {
            close(queue);
        }
    }

    private void reopen() throws Exception {
        close(queue);
        queue = open();
    }

    private UsageRecord record() {
        var task = UUID.randomUUID();
        own.add(task);
        return SampleUsage.record(task, Optional.of(UUID.randomUUID()));
    }

    private UsageRecord publish(UsageRecord record) {
        queue.publish(record).toCompletableFuture().join();
        return record;
    }

    private List<UsageRecord> publish(int records) {
        return IntStream.range(0, records).mapToObj(_ -> publish(record())).toList();
    }

    private List<UsageRecord> read() throws Exception {
        return everything().stream().filter(record -> own.contains(record.claim().task())).toList();
    }

    @Test
    void recordIsReadAsItWasPublished() throws Exception {
        var withKey = publish(record());
        var withoutKey = SampleUsage.record(UUID.randomUUID(), Optional.empty());
        own.add(withoutKey.claim().task());
        publish(withoutKey);

        assertThat(read()).containsExactly(withKey, withoutKey);
    }

    @Test
    void recordIsThereAsSoonAsItsReceipt() throws Exception {
        var published = new ArrayList<UsageRecord>();
        for (int i = 0; i < 5; i++) {
            published.add(publish(record()));
            assertThat(read()).isEqualTo(published);
        }
    }

    /// That one task has several records is for billing to find out.
    @Test
    void eachPublishIsReadOnce() throws Exception {
        var twice = record();
        publish(twice);
        var between = publish(record());
        publish(twice);

        assertThat(read()).containsExactly(twice, between, twice);
    }

    @Test
    void readingTakesNothingAway() throws Exception {
        var published = publish(3);

        assertThat(read()).isEqualTo(published);
        assertThat(read()).isEqualTo(published);
    }

    @Test
    void recordsAreThereInOrderAfterTheQueueWasClosedAndOpenedAgain() throws Exception {
        var published = new ArrayList<>(publish(20));
        reopen();
        assertThat(read()).isEqualTo(published);

        published.addAll(publish(20));
        reopen();
        assertThat(read()).isEqualTo(published);
    }

    @Test
    void publishersAtOnceLoseNothingAndEachKeepsItsOrder() throws Exception {
        var publishers = new ArrayList<List<UsageRecord>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    IntStream.range(0, 8).mapToObj(_ -> threads.submit(() -> publish(25))).toList();
            for (var publisher : running) {
                publishers.add(publisher.get());
            }
        }
        var read = read();

        assertThat(read).hasSize(200);
        for (var published : publishers) {
            var its = new ArrayList<>(read);
            its.retainAll(published);
            assertThat(its).isEqualTo(published);
        }
    }

    /// As many answers end together; nobody is promised an order then.
    @Test
    void recordsPublishedWithoutWaitingAreAllThereWithTheirReceipts() throws Exception {
        var records = IntStream.range(0, 50).mapToObj(_ -> record()).toList();
        var receipts =
                records.stream().map(queue::publish).map(it -> it.toCompletableFuture()).toList();
        receipts.forEach(it -> it.join());

        assertThat(read()).containsExactlyInAnyOrderElementsOf(records);
    }
}
