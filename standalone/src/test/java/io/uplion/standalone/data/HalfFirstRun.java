// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/// A first start that never comes to keep its secrets, for a test that kills it.
final class HalfFirstRun {
    static final String MADE = "made: ";

    private HalfFirstRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var data = Path.of(arguments[0]);
        DataDirectory.hold(data);
        var database = Database.open(EmbeddedDatabase.open(data).config());
        database.migrate();
        var first = FirstRun.make(database, data, Clock.systemUTC()).orElseThrow();
        Files.createFile(data.resolve(".first-run.json1.part"));
        System.out.println(MADE + first.password().reveal());
        // Until it is killed.
        Thread.sleep(Long.MAX_VALUE);
    }
}
