// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

import java.nio.file.Path;

/// A platform that does nothing but hold its database, for a test that kills it.
final class HoldOpen {

    static final String OPEN = "the database is open";

    private HoldOpen() {}

    public static void main(String[] arguments) throws InterruptedException {
        var database = EmbeddedDatabase.open(Path.of(arguments[0]));
        System.out.println(OPEN);
        // Until it is killed.
        Thread.sleep(Long.MAX_VALUE);
        database.close();
    }
}
