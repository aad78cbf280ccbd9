// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import io.uplion.queue.UsageQueue;
import io.uplion.queue.UsageQueueContract;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class UsageJournalContractTest extends UsageQueueContract {
    @TempDir private Path directory;

    @Override
    protected UsageQueue open() throws IOException {
        return UsageJournal.open(directory);
    }

    @Override
    protected void close(UsageQueue opened) {
        ((UsageJournal) opened).close();
    }

    @Override
    protected List<UsageRecord> everything() throws IOException {
        var records = new ArrayList<UsageRecord>();
        UsageJournal.read(directory, records::add);
        return records;
    }
}
