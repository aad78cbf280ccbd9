// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.limits.Problem;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {
    private static final User ADA =
            new User(
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    "ada.lovelace@example.org",
                    "Augusta Ada King",
                    Set.of(Role.MEMBER),
                    Set.of(),
                    false,
                    false,
                    Instant.EPOCH);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "glacier teapot 1842 vole",
                "k7#Qz!9vT2$w",
                "замок тихо поёт в саду",
                "牛肉面二两不要香菜多放辣椒油"
            })
    void whatNobodyGuessesWillDo(String password) {
        assertThat(problem(password)).isEmpty();
    }

    @Test
    void anyRandomPasswordWillDo() {
        var passwords = new Passwords();

        for (int i = 0; i < 20; i++) {
            assertThat(PasswordRules.problem(passwords.random(), ADA)).isEmpty();
        }
    }

    @Test
    void lengthIsCountedInCharacters() {
        assertThat(problem("k7#Qz!9vT2$")).hasValueSatisfying(twelve());
        assertThat(problem("😀🦁🐘🦒🦓🦏🦛🐪🐫🦙🦘")).hasValueSatisfying(twelve());
        var thousand = "k7#Qz!9vT2$w x8&".repeat(64);
        assertThat(problem(thousand)).isEmpty();
        assertThat(problem(thousand + "x"))
                .hasValueSatisfying(problem -> assertThat(problem.reason()).contains("1024"));
    }

    private static Consumer<Problem> twelve() {
        return problem -> assertThat(problem.reason()).contains("at least 12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123456789012",
                "password1234",
                "P@ssw0rd1234",
                "qwertyuiop12",
                "aaaaaaaaaaaaaaaaaaaa",
                "unbelievable",
                "abcdefghijklm"
            })
    void whatIsKnownIsRefused(String password) {
        assertThat(problem(password))
                .hasValueSatisfying(
                        problem -> assertThat(problem.reason()).contains("easily guessed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ADA.lovelace@example.org",
                "ada.lovelace",
                " Augusta Ada King ",
            })
    void emailAndNameAreRefused(String password) {
        assertThat(problem(password))
                .hasValueSatisfying(
                        problem -> assertThat(problem.reason()).contains("email or your name"));
    }

    private static Optional<Problem> problem(String password) {
        return PasswordRules.problem(Secret.of(password), ADA);
    }
}
