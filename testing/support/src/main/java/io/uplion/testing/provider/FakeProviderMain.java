// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.util.Iterator;
import java.util.List;

/// The provider in a process of its own, for benchmarks.
public final class FakeProviderMain {
    private static final String USAGE =
            "usage: FakeProviderMain [--port N] [--loops N] [--record true|false]";

    private FakeProviderMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        FakeSettings settings;
        try {
            settings = settings(List.of(arguments).iterator());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + System.lineSeparator() + USAGE);
            System.exit(2);
            return;
        }
        FakeProvider provider = FakeProvider.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(provider::close));
        System.out.println("ready: " + provider.baseUrl());
        System.out.flush();
        Thread.currentThread().join();
    }

    /// Takes `--name=value` and `--name value`.
    static FakeSettings settings(Iterator<String> arguments) {
        int port = 0;
        int loops = 1;
        boolean record = true;
        while (arguments.hasNext()) {
            String[] parts = arguments.next().split("=", 2);
            String value = parts.length == 2 ? parts[1] : next(arguments);
            switch (parts[0]) {
                case "--port" -> port = Quantity.count(value);
                case "--loops" -> loops = Quantity.count(value);
                case "--record" -> record = !value.equals("false");
                default -> throw new IllegalArgumentException("Unknown: " + parts[0]);
            }
        }
        return new FakeSettings(port, loops, record);
    }

    private static String next(Iterator<String> arguments) {
        return arguments.hasNext() ? arguments.next() : "";
    }
}
