// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.profile;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import org.jspecify.annotations.Nullable;

/// What a stack is counted for.
final class Parts {
    /// A feature: two or three names behind ours, three or two behind others'.
    private static final Pattern OURS =
            Pattern.compile("io\\.uplion\\.([a-z]+(?:\\.[a-z]+){0,2})\\.[A-Z].*");

    private static final Pattern OTHERS =
            Pattern.compile("((?:[a-z0-9_]+\\.){0,2}[a-z0-9_]+)[.].*");

    static final String NOBODY = "(no stack)";

    private Parts() {}

    /// On whose behalf it runs: the innermost code of ours, with all that it calls. Where there is
    /// none, the library that runs.
    static String behalf(@Nullable RecordedStackTrace stack) {
        List<RecordedFrame> frames = stack == null ? List.of() : stack.getFrames();
        return frames.stream()
                .map(frame -> OURS.matcher(name(frame)))
                .filter(Matcher::matches)
                .findFirst()
                .map(match -> match.group(1))
                .orElseGet(() -> outermostLibrary(frames));
    }

    /// Whose code runs itself.
    static String code(@Nullable RecordedStackTrace stack) {
        List<RecordedFrame> frames = stack == null ? List.of() : stack.getFrames();
        return frames.isEmpty() ? NOBODY : packageOf(name(frames.getFirst()));
    }

    private static String outermostLibrary(List<RecordedFrame> frames) {
        Optional<String> library =
                frames.stream()
                        .map(Parts::name)
                        .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
                        .map(Parts::packageOf)
                        .findFirst();
        return library.map(name -> name + " (not called by us)")
                .orElse(frames.isEmpty() ? NOBODY : "java (not called by us)");
    }

    private static String packageOf(String name) {
        Matcher ours = OURS.matcher(name);
        if (ours.matches()) {
            return "uplion " + ours.group(1);
        }
        Matcher others = OTHERS.matcher(name);
        return others.matches() ? others.group(1) : name;
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName();
    }
}
