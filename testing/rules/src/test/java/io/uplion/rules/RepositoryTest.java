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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/// What a reader finds in the repository, and which checks a build runs without being asked.
class RepositoryTest {
    private static final XPath PATHS = XPathFactory.newInstance().newXPath();
    private static final String QA = "/project/profiles/profile[id='qa']";
    private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^]]+]\\(([^)#]+)[^)]*\\)");
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
        assertThat(arguments.strip().split("\\s+"))
                .contains("-Xlint:all,-processing,-classfile", "-Werror", "-Xplugin:ErrorProne")
                .contains("-Xep:NullAway:ERROR", "-XepOpt:NullAway:JSpecifyMode=true");
    }

    /// A property may switch a check off without being named for it.
    @ParameterizedTest
    @CsvSource({
        "analyze.failOnWarning, true, maven-dependency-plugin, failOnWarning",
        "convergence.skip, false, maven-enforcer-plugin, skip",
    })
    void whatSwitchesACheckOffIsOnWhereNoModuleSaysOtherwise(
            String property, String value, String plugin, String setting) throws Exception {
        assertThat(pom("/project/properties/" + property)).isEqualTo(value);
        assertThat(pom(QA + "//plugin[artifactId='" + plugin + "']//" + setting))
                .isEqualTo("${" + property + "}");
    }

    /// What others are built on, and what runs for customers, has no exception. `standalone` has
    /// dependencies for what only a resource names.
    @Test
    void modulesThatLeaveACheckOutAreKnown() {
        assertThat(modulesWith("<analyze.failOnWarning>false<"))
                .allMatch(module -> module.matches("testing/.+|bench|standalone"));
        assertThat(modulesWith("<convergence.skip>true<"))
                .containsExactlyInAnyOrder("bench", "testing/clients", "testing/clients-spring-ai");
        for (var property : List.of("skip", "maven.main.skip", "spotless.check.skip")) {
            assertThat(modulesWith("<" + property + ">true<")).as(property).isEmpty();
        }
    }

    private static List<String> modulesWith(String text) {
        return Repository.modules().stream()
                .filter(module -> Repository.text(Path.of(module, "pom.xml")).contains(text))
                .toList();
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

    @ParameterizedTest
    @CsvSource({
        "README.md, UPLION, ARCHITECTURE.md CONTRIBUTING.md LICENSE",
        "ARCHITECTURE.md, Architecture, docs/concepts/promises.md standalone/README.md",
        "CONTRIBUTING.md, Contributing, ARCHITECTURE.md",
    })
    void pagesThatAReaderBeginsWithAreThere(String page, String title, String links) {
        var text = Repository.text(Path.of(page));
        assertThat(text).startsWith("# " + title + "\n");
        assertThat(prose(text)).hasSizeGreaterThan(10);
        assertThat(Repository.matches(LINK, text)).contains(links.split(" "));
    }

    @Test
    void theArchitecturePageSaysWhereToStartReading() {
        var page = Repository.text(Path.of("ARCHITECTURE.md"));
        assertThat(page).contains("\n## Start reading here\n", "\n## Modules\n");
        var from = page.substring(page.indexOf("\n## Start reading here\n") + 1);
        var links = Repository.matches(LINK, from.substring(0, from.indexOf("\n## ")));
        assertThat(links).hasSizeBetween(3, 10).anyMatch(link -> link.endsWith("Standalone.java"));
        assertThat(links).allMatch(link -> Repository.exists(Path.of(link)));
    }

    @Test
    void everyModuleSaysWhatItIsForAndWhereItEnds() {
        assertThat(Repository.modules())
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        module -> {
                            var text = Repository.text(Path.of(module, "README.md"));
                            assertThat(text.lines().findFirst().orElseThrow())
                                    .matches("# (.+/)?" + Path.of(module).getFileName());
                            assertThat(prose(text)).hasSizeGreaterThanOrEqualTo(3);
                            assertThat(text).contains("\n**Boundary.** ");
                        });
    }

    /// Neither titles nor pictures nor code.
    private static List<String> prose(String page) {
        return page.replaceAll("(?ms)^```.*?^```$", "")
                .lines()
                .filter(line -> !line.isBlank() && !line.matches("(#+|!\\[).*"))
                .toList();
    }

    @Test
    void everyModuleIsOnTheReadmesMap() {
        assertThat(onMap("libs")).containsExactlyInAnyOrderElementsOf(modules("libs"));
        assertThat(onMap("services")).containsExactlyInAnyOrderElementsOf(modules("services"));
        assertThat(onMap("testing")).containsExactlyInAnyOrderElementsOf(modules("testing"));
        assertThat(onMap("docs")).containsExactlyInAnyOrderElementsOf(kindsOfPages());
        var others = Repository.modules().stream().filter(module -> !module.contains("/"));
        assertThat(others).contains("bench").allSatisfy(RepositoryTest::onMap);
    }

    /// What the line of a place says about it.
    private static List<String> onMap(String place) {
        var readme = Repository.text(Path.of("README.md"));
        var map = readme.substring(readme.indexOf("\n## Map\n"));
        var line = map.lines().filter(one -> one.startsWith(place + "/")).findFirst();
        assertThat(line).as(place).isPresent();
        return Arrays.asList(line.orElseThrow().replaceFirst("\\S+ +", "").split(" · "));
    }

    private static List<String> kindsOfPages() {
        return Repository.files(".md")
                .filter(page -> page.startsWith("docs") && page.getNameCount() > 2)
                .map(page -> page.getName(1).toString())
                .distinct()
                .toList();
    }

    private static List<String> modules(String place) {
        return Repository.modules().stream()
                .filter(module -> module.startsWith(place + "/"))
                .map(module -> module.substring(place.length() + 1))
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
