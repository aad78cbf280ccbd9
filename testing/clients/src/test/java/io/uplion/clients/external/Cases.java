// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.testing.external.Program;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;

/// What a runner in another language has said, a line of JSON for each case, as cases of ours.
final class Cases {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Cases() {}

    private record Case(String name, String outcome, String message) {}

    static DynamicContainer of(String file, Program.Ended run) {
        var cases = run.output().lines().filter(line -> line.startsWith("{")).map(Cases::read);
        List<DynamicTest> tests = new ArrayList<>(cases.map(one -> test(file, one)).toList());
        var count = tests.size();
        tests.add(dynamicTest(file + " ran", () -> ran(file, run, count)));
        return dynamicContainer(file, tests);
    }

    private static Case read(String line) {
        try {
            return JSON.readValue(line, Case.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError("The runner said: " + line, e);
        }
    }

    private static DynamicTest test(String file, Case one) {
        return dynamicTest(
                one.name(),
                () -> {
                    switch (one.outcome()) {
                        case "passed" -> {}
                        case "skipped" -> abort(one.name() + ": " + one.message());
                        default -> fail(file + ": " + one.name() + "\n" + one.message());
                    }
                });
    }

    /// A runner that dies has failed no case, and still must not pass.
    private static void ran(String file, Program.Ended run, int count) {
        var said =
                "%s ended with %d%n%s%s".formatted(file, run.status(), run.output(), run.errors());
        assertThat(count).as(said).isPositive();
        var failed =
                run.output().contains("\"outcome\":\"failed\"")
                        || run.output().contains("\"outcome\": \"failed\"");
        assertThat(run.status() == 0 || failed).as(said).isTrue();
    }
}
