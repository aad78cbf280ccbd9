// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.billing.Usages;
import io.uplion.billing.intake.UsageSource.Bounds;
import io.uplion.task.UsageRecord;
import io.uplion.testing.wait.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What billing relies on, wherever usage waits. Each adapter's tests extend this.
public abstract class UsageSourceContract {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Bounds SOME = new Bounds(10, Duration.ofMillis(100));

    private final Usages some = Usages.any();
    private final List<Unreadable> unreadable = new ArrayList<>();
    private UsageSource source;

    /// The same usage each time it is called, without anything of other tests.
    protected abstract UsageSource open(Bounds bounds) throws Exception;

    protected abstract void publish(UsageRecord usage) throws Exception;

    /// What is no usage record, as a whole message or line.
    protected abstract void publishJunk(String text) throws Exception;

    private void open() throws Exception {
        source = open(SOME);
    }

    @AfterEach
    void closeSource() {
        if (source != null) {
            source.close();
        }
    }

    private List<UsageRecord> published(int count) throws Exception {
        var records = new ArrayList<UsageRecord>();
        for (int i = 0; i < count; i++) {
            var usage = some.costs(i);
            publish(usage);
            records.add(usage);
        }
        return records;
    }

    /// Takes without acknowledging until there are so many.
    private List<UsageRecord> taken(int count) throws InterruptedException {
        var taken = new ArrayList<UsageRecord>();
        Await.until(
                count + " records",
                LIMIT,
                () -> {
                    var batch = take();
                    assertThat(batch.records()).hasSizeLessThanOrEqualTo(SOME.records());
                    taken.addAll(batch.records());
                    unreadable.addAll(batch.unreadable());
                    return taken.size() >= count;
                });
        return taken;
    }

    private UsageBatch take() {
        try {
            return source.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Millisecond by millisecond they are the same.
    private static List<Object> tasks(List<UsageRecord> records) {
        return records.stream().<Object>map(usage -> usage.claim().task()).toList();
    }

    @Test
    void recordsComeInTheOrderOfTheirPublicationInBatches() throws Exception {
        open();
        var first = published(25);
        var taken = taken(25);
        var second = published(3);

        taken.addAll(taken(3));

        first.addAll(second);
        assertThat(tasks(taken)).isEqualTo(tasks(first));
    }

    @Test
    void whatIsNotAcknowledgedComesAgainAndWhatIsDoesNot() throws Exception {
        open();
        var published = published(8);
        taken(8);
        source.acknowledge();
        published.addAll(published(7));
        taken(7);

        source.close();
        open();

        assertThat(tasks(taken(7))).isEqualTo(tasks(published.subList(8, 15)));
        assertThat(source.take().isEmpty()).isTrue();
    }

    @Test
    void junkIsHandedOverAsItCameAndHoldsNothingUp() throws Exception {
        open();
        published(2);
        publishJunk("no usage");
        published(2);

        taken(4);

        assertThat(unreadable).hasSize(1);
        assertThat(new String(unreadable.getFirst().bytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo("no usage");
    }

    @Test
    void markIsPassedWhenAllBeforeItIsAcknowledgedAndNotEarlier() throws Exception {
        open();
        published(5);
        var mark = source.mark();
        assertThat(source.isPassed(mark)).isFalse();
        taken(5);
        assertThat(source.isPassed(mark)).isFalse();

        awaitPassed(mark);

        published(1);
        var next = source.mark();
        assertThat(source.isPassed(mark)).isTrue();
        assertThat(source.isPassed(next)).isFalse();
        awaitPassed(next);
    }

    @Test
    void markBehindNothingPassesByItself() throws Exception {
        open();

        awaitPassed(source.mark());

        published(3);
        taken(3);
        source.acknowledge();
        awaitPassed(source.mark());
    }

    @Test
    void marksOfAnEarlierLifeAreNoUsage() throws Exception {
        open();
        source.mark();
        source.close();
        open();
        var published = published(1);

        assertThat(tasks(taken(1))).isEqualTo(tasks(published));
        assertThat(unreadable).isEmpty();
    }

    private void awaitPassed(UsageSource.Mark mark) {
        Await.until(
                "the mark is passed",
                LIMIT,
                () -> {
                    take();
                    source.acknowledge();
                    return source.isPassed(mark);
                });
    }
}
