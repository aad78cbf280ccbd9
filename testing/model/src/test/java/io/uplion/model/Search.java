// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One search of the model checker through everything that can happen: spin turns the model into a
/// C program, gcc compiles it, and that program searches.
///
/// @param name of the directory under `target/model`, where a counterexample is left
/// @param options what the model is told, such as `TASKS=2`
record Search(String name, List<String> options) {
    static final Path MODEL =
            Path.of(System.getProperty("uplion.root", "../.."), "docs/concepts/model/uplion.pml")
                    .toAbsolutePath()
                    .normalize();

    /// In MiB, for one search.
    private static final String MEMORY = "-DMEMLIM=1900";

    /// More steps than any path of the model has.
    private static final String DEPTH = "-m100000";

    private static final Pattern BROKEN = Pattern.compile("assertion violated (\\w+)");
    private static final Pattern CYCLE = Pattern.compile("acceptance cycle");
    private static final Pattern ERRORS = Pattern.compile("errors: (\\d+)");
    private static final Pattern NEVER_DONE = Pattern.compile("uplion\\.pml:\\d+, state .*");

    /// @param errors how many the checker counted
    /// @param broken the promises that it found broken
    /// @param neverDone the statements that no path has reached
    record Result(int errors, Set<String> broken, List<String> neverDone, String said) {
        static Result of(String said) {
            var errors = ERRORS.matcher(said);
            assertThat(errors.find()).as("the search came to an end: %s", said).isTrue();
            return new Result(
                    Integer.parseInt(errors.group(1)),
                    BROKEN.matcher(said)
                            .results()
                            .map(found -> found.group(1))
                            .collect(Collectors.toCollection(TreeSet::new)),
                    NEVER_DONE.matcher(said).results().map(MatchResult::group).toList(),
                    said);
        }

        boolean hasCycle() {
            return CYCLE.matcher(said).find();
        }

        /// No error, and nothing was left unsearched.
        void assertClean() {
            assertThat(broken).as(said).isEmpty();
            assertThat(errors).as(said).isZero();
            assertThat(said).doesNotContain("Search not completed", "max search depth too small");
        }
    }

    static Search of(String name, String... options) {
        return new Search(name, List.of(options));
    }

    /// All orders of events, and which statements they never reach.
    Result whole() throws Exception {
        return search(List.of("-O2", "-DSAFETY"), List.of("-w24"));
    }

    /// As far as the first broken promise; it is not worth the compiler's time to search fast.
    Result firstError() throws Exception {
        return search(List.of("-O0", "-DSAFETY"), List.of("-n"));
    }

    /// Past every broken promise: for small models.
    Result everyError() throws Exception {
        return search(List.of("-O0", "-DSAFETY"), List.of("-n", "-c0"));
    }

    /// Whether a formula of the model holds on every path on which each actor gets its turn.
    Result formula(String formula) throws Exception {
        return search(List.of("-O1", "-DNFAIR=4"), List.of("-n", "-a", "-f", "-N", formula));
    }

    private Result search(List<String> compiled, List<String> how) throws Exception {
        var directory = Files.createDirectories(Path.of("target", "model", name));
        var spin = new ArrayList<>(List.of("spin", "-a"));
        options.forEach(option -> spin.add("-D" + option));
        spin.add(MODEL.toString());
        Tool.run(directory, spin);
        var gcc = new ArrayList<>(List.of("gcc", "-w", MEMORY, "-DNOREDUCE"));
        gcc.addAll(compiled);
        gcc.addAll(List.of("-o", "pan", "pan.c"));
        Tool.run(directory, gcc);
        var pan = new ArrayList<>(List.of("./pan", DEPTH));
        pan.addAll(how);
        return Result.of(Tool.run(directory, pan));
    }
}
