// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The model, its tests and its page speak of the same rules and promises.
class ModelPageTest {
    private static final Pattern MUTATION = Pattern.compile("MUTATION_([A-Z_]*[A-Z])");
    private static final Pattern PROMISE = Pattern.compile("(?m)^bool (\\w+) = true;");

    @Test
    void everyMutationOfTheModelIsTried() throws Exception {
        assertThat(named(MUTATION))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Mutation.values()).map(Mutation::name).toList());
    }

    @Test
    void thePageExplainsEveryPromise() throws Exception {
        var page = page();
        assertThat(named(PROMISE))
                .isNotEmpty()
                .allMatch(promise -> page.contains("| `" + promise + "` |"), "is in README.md");
    }

    @Test
    void thePageSaysWhatEachRuleIsGoodFor() throws Exception {
        var page = page();
        assertThat(Mutation.values())
                .allMatch(
                        rule -> page.contains("| `" + rule + "` | `" + rule.promise() + "` |"),
                        "is in README.md");
    }

    private static String page() throws IOException {
        return Files.readString(Search.MODEL.resolveSibling("README.md"));
    }

    private static List<String> named(Pattern pattern) throws IOException {
        var model = Files.readString(Search.MODEL);
        return pattern.matcher(model).results().map(found -> found.group(1)).distinct().toList();
    }
}
