// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.platform;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The launcher's training for a faster start, once before the first start of each form. A test
/// that is run by itself does without: it would wait longer for it than it wins.
final class Training {
    private static final Set<Boolean> DONE = new HashSet<>();

    private Training() {}

    /// @param arguments of the start to come
    static synchronized void before(List<String> arguments) throws IOException {
        boolean distributed = arguments.contains("--distributed");
        if (arguments.getFirst().equals("up")
                && Boolean.getBoolean("uplion.train")
                && DONE.add(distributed)) {
            train(distributed);
        }
    }

    /// One that fails is the launcher's to speak of; starts only take longer.
    private static void train(boolean distributed) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Program.root().resolve("uplion").toString(), "train"));
        if (distributed) {
            command.add("--distributed");
        }
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            builder.start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
