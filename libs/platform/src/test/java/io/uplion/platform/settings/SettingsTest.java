// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @Test
    void valuesAreRead() {
        var settings =
                new Settings(
                        Map.of(
                                "A_TEXT", "some text",
                                "A_NUMBER", " 7 ",
                                "A_SIZE", "1KiB",
                                "A_TIME", "3s",
                                "A_LIST", "a , b,c"));

        assertThat(settings.text("A_TEXT", "")).isEqualTo("some text");
        assertThat(settings.integer("A_NUMBER", 1, 0, 10)).isEqualTo(7);
        assertThat(settings.bytes("A_SIZE", 1, 0)).isEqualTo(1024);
        assertThat(settings.arrayBytes("A_SIZE", 1, 0)).isEqualTo(1024);
        assertThat(settings.duration("A_TIME", Duration.ZERO)).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.list("A_LIST", List.of())).containsExactly("a", "b", "c");
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void whatIsNotSetOrBlankHasItsDefault() {
        var settings = new Settings(Map.of("BLANK", "  "));

        for (var name : List.of("BLANK", "ABSENT")) {
            assertThat(settings.integer(name, 5, 0, 10)).isEqualTo(5);
            assertThat(settings.bytes(name, 6, 0)).isEqualTo(6);
            assertThat(settings.duration(name, Duration.ofSeconds(8)))
                    .isEqualTo(Duration.ofSeconds(8));
            assertThat(settings.list(name, List.of("x"))).containsExactly("x");
        }
        assertThat(settings.text("ABSENT", "fallback")).isEqualTo("fallback");
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void allProblemsAreReportedTogetherByName() {
        var settings =
                new Settings(
                        Map.of(
                                "NO_NUMBER", "seven",
                                "TOO_SMALL", "-1",
                                "TOO_LARGE", "11",
                                "TOO_LONG", "99999999999999999999",
                                "NO_SIZE", "1MB",
                                "SMALL_SIZE", "5",
                                "LARGE_ARRAY", "3GiB",
                                "NO_TIME", "soon",
                                "ZERO_TIME", "0s"));
        settings.integer("NO_NUMBER", 0, 0, 10);
        settings.integer("TOO_SMALL", 0, 0, 10);
        settings.integer("TOO_LARGE", 0, 0, 10);
        settings.integer("TOO_LONG", 0, 0, 10);
        settings.bytes("NO_SIZE", 0, 0);
        settings.bytes("SMALL_SIZE", 0, 10);
        settings.arrayBytes("LARGE_ARRAY", 0, 0);
        settings.duration("NO_TIME", Duration.ZERO);
        settings.duration("ZERO_TIME", Duration.ZERO);

        assertThatThrownBy(settings::check)
                .isInstanceOfSatisfying(
                        SettingsException.class,
                        e -> {
                            assertThat(e.getMessage().lines()).hasSize(9);
                            assertThat(e.getMessage().lines())
                                    .allMatch(line -> line.contains(": must be "));
                            assertThat(e)
                                    .hasMessageContainingAll(
                                            "NO_NUMBER=seven",
                                            "TOO_SMALL=-1",
                                            "TOO_LARGE=11: must be a whole number from 0 to 10",
                                            "SMALL_SIZE=5: must be at least 10 bytes",
                                            "NO_TIME=soon",
                                            "ZERO_TIME=0s: must be longer than zero");
                        });
    }

    @Test
    void everythingThatWasAskedForIsKnownWithItsDefault() {
        var settings = new Settings(Map.of("A_NUMBER", "9"));
        settings.integer("A_NUMBER", 5, 0, 10);
        settings.text("A_TEXT", "x");

        assertThat(settings.asked()).isEqualTo(Map.of("A_NUMBER", 5, "A_TEXT", "x"));
    }

    @Test
    void secretsComeFromTheVariableOrAFile(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("password"), "from a file\r\n");
        var settings =
                new Settings(Map.of("A_SECRET", " as it is ", "B_SECRET_FILE", file.toString()));

        assertThat(settings.secret("A_SECRET")).contains(Secret.of(" as it is "));
        assertThat(settings.secret("B_SECRET")).contains(Secret.of("from a file"));
        assertThat(settings.secret("C_SECRET")).isEmpty();
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void wrongSecretsAreReportedAndNeverShown(@TempDir Path directory) throws IOException {
        var empty = Files.writeString(directory.resolve("empty"), "\n");
        var settings =
                new Settings(
                        Map.of(
                                "TWICE", "hidden",
                                "TWICE_FILE", "anywhere",
                                "LOST_FILE", "not/there",
                                "EMPTY_FILE", empty.toString()));

        settings.secret("TWICE");
        settings.secret("LOST");
        settings.secret("EMPTY");

        assertThatThrownBy(settings::check)
                .hasMessageContaining("TWICE: is given twice, also by TWICE_FILE")
                .hasMessageContaining("LOST_FILE: the file not/there cannot be read")
                .hasMessageContaining("EMPTY_FILE: the file " + empty + " is empty")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hidden"));
    }

    @Test
    void settingThatTwoPartsReadIsWrongOnce() {
        var settings = new Settings(Map.of("A_TIME", "soon"));

        settings.duration("A_TIME", Duration.ofSeconds(1));
        settings.duration("A_TIME", Duration.ofSeconds(2));

        assertThatThrownBy(settings::check)
                .isInstanceOf(SettingsException.class)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}
