// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import io.uplion.queue.SampleUsage;
import java.nio.file.Path;

/// A process to be killed: publishes usage without end and prints each record's number once its
/// receipt is there.
public final class PublishForever {
    private PublishForever() {}

    public static void main(String[] arguments) throws Exception {
        try (var journal = UsageJournal.open(Path.of(arguments[0]), 20_000)) {
            for (long serial = 0; ; serial++) {
                journal.publish(SampleUsage.record(serial)).toCompletableFuture().join();
                System.out.println(serial);
            }
        }
    }
}
