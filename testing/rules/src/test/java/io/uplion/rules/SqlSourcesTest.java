// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Writing SQL stands in one kind of file. Benchmarks make rows of their own.
class SqlSourcesTest {

    @Test
    void writingStatementsStandInSqlClassesOfPortalAndBilling() {
        var writers =
                Repository.files(".java")
                        .filter(file -> file.toString().matches("(?!bench/).*src/main/java.*"))
                        .filter(file -> SqlWrites.STATEMENT.matcher(Repository.text(file)).find())
                        .map(Object::toString)
                        .toList();
        assertThat(writers)
                .isNotEmpty()
                .allMatch(file -> file.matches("services/(portal|billing)/.*Sql\\.java"));
    }
}
