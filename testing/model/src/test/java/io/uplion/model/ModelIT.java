// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The protocol keeps its promises in every order of events, and does not where one of its rules is
/// left out.
class ModelIT {
    @BeforeEach
    void needsTheChecker() throws Exception {
        assumeTrue(Tool.works("spin", "-V"), "needs spin: no spin on the PATH");
        assumeTrue(
                Tool.works("gcc", "-E", "-include", "stdio.h", "-x", "c", "/dev/null"),
                "needs gcc and the C library's headers: no gcc on the PATH, or no stdio.h");
    }

    @Test
    void oneRequestKeepsEveryPromiseWithTwoFaults() throws Exception {
        var result = Search.of("one", "TASKS=1", "FAULTS=2", "ATTEMPTS=3").whole();
        result.assertClean();
        // What never happens in the model proves nothing.
        assertThat(result.neverDone())
                .isNotEmpty()
                .allMatch(
                        left -> left.contains("\"-end-\"") || left.contains(" = 0\""),
                        "is an endless loop's end or a promise that was not broken");
    }

    @Test
    void twoRequestsOnABudgetForOneKeepEveryPromiseWithOneFault() throws Exception {
        Search.of("two", "TASKS=2", "FAULTS=1", "PATIENT").whole().assertClean();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Ends", "Stops", "Frees"})
    void whatMustComeComes(String formula) throws Exception {
        Search.of(formula, "TASKS=1", "FAULTS=2", "PATIENT", "LIVENESS")
                .formula(formula)
                .assertClean();
    }

    @Test
    void orphanWorksForEverWhereNobodyLooksForTheGateway() throws Exception {
        var options =
                List.of("TASKS=1", "FAULTS=1", "PATIENT", "LIVENESS", "MUTATION_NO_KEEPALIVE");
        assertThat(new Search("orphan", options).formula("Stops").hasCycle()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void ruleThatIsLeftOutBreaksItsPromise(Mutation mutation) throws Exception {
        var result = mutation.found();
        assertThat(result.broken()).as(result.said()).contains(mutation.promise());
    }

    /// Not promised, and the model knows how it comes: the page tells the story.
    @Test
    void brokenAnswerMayHaveBeenCharged() throws Exception {
        var search = Search.of("charged", "TASKS=1", "FAULTS=1", "CHECK_BROKEN_IS_FREE");
        assertThat(search.firstError().broken()).containsExactly("BrokenIsFree");
    }
}
