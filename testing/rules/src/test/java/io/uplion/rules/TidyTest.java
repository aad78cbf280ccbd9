// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.rules.JavaSource.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Sizes and habits of STYLE, held over every file of the repository.
class TidyTest {
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_METHOD = 60;
    private static final int MAX_PARAMETERS = 7;
    private static final int MAX_LINE = 100;
    private static final int MAX_TEST_TEXT = 120;
    private static final Map<String, Integer> MAX_LINES =
            Map.of("Main.java", 60, ".java", 400, ".ts", 350, ".tsx", 350, ".tf", 250);
    private static final int MAX_ROOT = 200;
    private static final String HEADER =
            "// SPDX-License-Identifier: Apache-2.0\n// Copyright the UPLION authors\n";
    private static final Pattern BINARY =
            Pattern.compile(".*\\.(png|jpg|jpeg|gif|webp|ico|woff2|jar|gguf|pdf|gz)");

    /// Put together here, so that this file does not find itself.
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private static final String WAITS =
            ".*(Thread\\.sleep|LockSupport\\.park|TimeUnit\\.\\w+\\.sleep)\\w*\\(.*";

    private static final Pattern MACHINE =
            Pattern.compile(
                    "(?<![\\w.$}-])/(wo"
                            + "rk|ro"
                            + "ot|home/(?!linuxbrew|you)[a-z]+|Users/[a-z]+)/");
    private static final Pattern REGISTRY =
            Pattern.compile(
                    "(repo1?\\.maven\\.|registry\\.npmjs\\.|(files\\.)?python"
                            + "hosted\\.|py"
                            + "pi\\.org|proxy\\.go"
                            + "lang\\.|deb\\.deb"
                            + "ian\\.|crates\\.i"
                            + "o)");

    @Test
    void filesAreShort() {
        assertThat(
                        Repository.files().stream()
                                .filter(file -> lines(file).size() > maxLines(file))
                                .map(file -> file + ": " + lines(file).size() + " lines"))
                .isEmpty();
    }

    private static int maxLines(Path file) {
        var name = file.getFileName().toString();
        var usual =
                MAX_LINES.entrySet().stream()
                        .filter(limit -> name.endsWith(limit.getKey()))
                        .mapToInt(Map.Entry::getValue)
                        .min()
                        .orElse(Integer.MAX_VALUE);
        var isRoot = isProduct(file) && isCompositionRoot(file);
        return isRoot ? Math.min(usual, MAX_ROOT) : usual;
    }

    private static boolean isMain(Path file) {
        return file.toString().contains("src/main/java");
    }

    private static boolean isProduct(Path file) {
        return isMain(file) && file.toString().matches("(libs|services|standalone)/.*\\.java");
    }

    /// What says so of itself, and what is wired and started by hand: `static X start(…)` in X.
    private static boolean isCompositionRoot(Path file) {
        var name = file.getFileName().toString().replace(".java", "");
        return lines(file).stream()
                .anyMatch(
                        line ->
                                line.startsWith("///") && line.contains("composition root")
                                        || line.contains("static " + name + " start("));
    }

    @Test
    void everyServicesProcessIsHeldToTheSizeOfACompositionRoot() {
        assertThat(Repository.files("Service.java").filter(TidyTest::isProduct))
                .hasSizeGreaterThanOrEqualTo(2)
                .filteredOn(file -> Repository.text(file).contains(" start("))
                .allMatch(file -> maxLines(file) == MAX_ROOT);
    }

    /// Tests wait for conditions. Who waits for time to pass says why, on the line above.
    @Test
    void nobodyWaitsForTimeWithoutSayingWhy() {
        var found = new ArrayList<String>();
        var tests =
                Repository.files(".java").filter(file -> file.toString().contains("/src/test/"));
        for (var file : tests.toList()) {
            var lines = lines(file);
            for (int i = 1; i < lines.size(); i++) {
                var waits = lines.get(i).matches(WAITS);
                if (waits && !lines.get(i - 1).strip().startsWith("// ")) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void modulesHaveNoModuleInfo() {
        assertThat(Repository.files("module-info.java")).isEmpty();
    }

    /// One more kind must be a compile error wherever kinds are told apart.
    @Test
    void switchesOverSealedTypesHaveNoDefault() {
        var files = Repository.files(".java").filter(TidyTest::isProduct).toList();
        assertThat(SealedSwitches.withDefault(files)).isEmpty();
    }

    @Test
    void methodsAreShortAndTakeFewParameters() {
        var files = Repository.files(".java").toList();
        var methods = JavaSource.methods(files);
        var found = new ArrayList<String>();
        for (int i = 0; i < files.size(); i++) {
            for (Method method : methods.get(i)) {
                var place = files.get(i) + ":" + method.line() + " " + method.name();
                if (method.lines() > MAX_METHOD) {
                    found.add(place + ": " + method.lines() + " lines");
                }
                if (method.parameters() > MAX_PARAMETERS) {
                    found.add(place + ": " + method.parameters() + " parameters");
                }
            }
        }
        assertThat(methods).hasSameSizeAs(files);
        assertThat(found).isEmpty();
    }

    /// What a test sends or expects may be a little wider: broken in two it is harder to read.
    @Test
    void javaLinesAreShort() {
        assertNoLine(
                Repository.files(".java"),
                (file, line) -> {
                    var limit = !isMain(file) && line.contains("\"") ? MAX_TEST_TEXT : MAX_LINE;
                    return line.codePointCount(0, line.length()) > limit;
                });
    }

    @Test
    void commentsAreMarkdownAndImportsAreNamed() {
        assertNoLine(
                ".java",
                line ->
                        line.strip().startsWith("/**")
                                || line.startsWith("import module ")
                                || line.matches("import .*\\*;")
                                || line.contains("\t"));
    }

    @Test
    void javaFilesCarryTheLicence() {
        assertThat(
                        Repository.files(".java")
                                .filter(file -> !Repository.text(file).startsWith(HEADER)))
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertNoLine("", line -> UNFINISHED.matcher(line).find());
    }

    @Test
    void nothingNamesAMachineOrARegistry() {
        assertNoLine("", line -> MACHINE.matcher(line).find() || REGISTRY.matcher(line).find());
    }

    @Test
    void filesAreSmall() throws IOException {
        var large = new ArrayList<Path>();
        for (var file : Repository.files()) {
            if (Files.size(Repository.absolute(file)) > MAX_FILE_BYTES) {
                large.add(file);
            }
        }
        assertThat(large).isEmpty();
    }

    @Test
    void everyModuleSaysWhatItIs() {
        assertThat(Repository.modules())
                .isNotEmpty()
                .allMatch(module -> Repository.exists(Path.of(module, "README.md")));
    }

    @Test
    void everyMainPackageSaysWhatItIs() {
        assertThat(
                        Repository.files(".java")
                                .filter(TidyTest::isMain)
                                .map(Path::getParent)
                                .distinct()
                                .filter(
                                        dir ->
                                                !Repository.exists(
                                                        dir.resolve("package-info.java"))))
                .isEmpty();
    }

    private static void assertNoLine(String ending, Predicate<String> wrong) {
        assertNoLine(Repository.files(ending), (_, line) -> wrong.test(line));
    }

    private static void assertNoLine(Stream<Path> files, BiPredicate<Path, String> wrong) {
        var found = new ArrayList<String>();
        for (var file : files.toList()) {
            var lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (wrong.test(file, lines.get(i))) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static List<String> lines(Path file) {
        if (BINARY.matcher(file.toString()).matches()) {
            return List.of();
        }
        return Stream.of(Repository.text(file).split("\n", -1)).toList();
    }
}
