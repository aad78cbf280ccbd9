// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/// What a reader finds in the repository, and which checks a build runs without being asked.
class RepositoryTest {
    private static final XPath PATHS = XPathFactory.newInstance().newXPath();
    private static final String QA = "/project/profiles/profile[id='qa']";
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]+]\\(([^)]+\\.png)\\)");

    private static String pom(String path) throws Exception {
        return PATHS.evaluate(path, document(Repository.absolute(Path.of("pom.xml"))));
    }

    private static Document document(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    @Test
    void checksAreOnUnlessSomebodyLeavesThemOut() throws Exception {
        assertThat(pom("count(" + QA + ")")).isEqualTo("1");
        assertThat(pom(QA + "/activation/property/name")).isEqualTo("!quick");
        assertThat(pom("count(" + QA + "//*[contains(name(), 'skip')][text()='true'])"))
                .as("skipped")
                .isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spotless-maven-plugin check",
                "maven-enforcer-plugin enforce",
                "maven-dependency-plugin analyze-only"
            })
    void checkIsBound(String check) throws Exception {
        var words = check.split(" ");
        assertThat(goal(words[0], words[1])).isEqualTo("true");
    }

    private static String goal(String plugin, String goal) throws Exception {
        return pom(
                "boolean(%s//plugin[artifactId='%s']//goal[text()='%s'])"
                        .formatted(QA, plugin, goal));
    }

    @Test
    void warningsAndMissingNullChecksAreErrors() throws Exception {
        var compiler = QA + "//plugin[artifactId='maven-compiler-plugin']";
        var arguments = pom(compiler + "//execution[id='default-compile']//compilerArgs");
        assertThat(arguments)
                .contains("-Xlint:all,-processing", "-Werror", "-Xplugin:ErrorProne")
                .contains("-Xep:NullAway:ERROR", "-XepOpt:NullAway:JSpecifyMode=true");
    }

    @Test
    void theReadmeShowsAPictureBeforeItsCommands() throws IOException {
        var readme = Repository.text(Path.of("README.md"));
        var picture = PICTURE.matcher(readme);
        assertThat(picture.find()).isTrue();
        assertThat(picture.start()).isLessThan(readme.indexOf("## Two commands"));
        var file = Repository.absolute(Path.of(picture.group(1)));
        assertThat(Files.readAllBytes(file)).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void everyModuleIsOnTheReadmesMap() {
        var readme = Repository.text(Path.of("README.md"));
        var map = readme.substring(readme.indexOf("## Map"));
        for (var place : List.of("libs", "services")) {
            var line = map.lines().filter(one -> one.startsWith(place + "/")).findFirst();
            assertThat(Arrays.asList(line.orElseThrow().replaceFirst("\\S+ +", "").split(" · ")))
                    .as(place)
                    .containsExactlyInAnyOrderElementsOf(modules(place));
        }
    }

    private static List<String> modules(String place) {
        return Repository.files("pom.xml")
                .filter(pom -> pom.getNameCount() == 3 && pom.startsWith(place))
                .map(pom -> pom.getName(1).toString())
                .toList();
    }

    @Test
    void theLicenceIsApaches() {
        assertThat(Repository.text(Path.of("LICENSE")))
                .contains("Apache License", "Version 2.0, January 2004");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1", "P3", "P4", "P5", "P9", "P10"})
    void everyTargetHasAMeasuredResult(String target) {
        var row = Pattern.compile("\\b" + target + ": ");
        assertThat(rows().filter(cells -> row.matcher(cells[2]).find()))
                .isNotEmpty()
                .allSatisfy(
                        cells -> {
                            assertThat(cells[4]).containsPattern("\\d");
                            assertThat(cells[5].strip()).isIn("met", "missed");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "streams", "idle", "memory", "start"})
    void everyBenchmarkSaysHowItWasRun(String name) {
        assertThat(rows().map(cells -> cells[1]))
                .anyMatch(command -> command.contains("`./uplion bench " + name));
    }

    private static Stream<String[]> rows() {
        return Repository.text(Path.of("bench/RESULTS.md"))
                .lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.split("\\|"))
                .filter(cells -> cells.length > 5);
    }
}
