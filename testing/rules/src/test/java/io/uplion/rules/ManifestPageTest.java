// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.manifest.ManifestError;
import io.uplion.catalog.manifest.ManifestReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The page of the manifest names the fields that the reader knows, and what the pages show as a
/// manifest is one. The reader itself is asked: it answers a field that it does not know with those
/// that it does.
class ManifestPageTest {
    private static final Path PAGE = Path.of("docs", "reference", "manifest.md");
    private static final String STRANGE = "zzzzzzzzzzzz";
    private static final Pattern KNOWN = Pattern.compile("unknown field; known here: (.*)");
    private static final Pattern FIELD = Pattern.compile("`([A-Za-z.]+)`");
    private static final Pattern MANIFEST =
            Pattern.compile("(?ms)^```yaml\\R((?:(?!^```).)*^kind: AIModel$.*?)^```$");

    /// In every manifest, or Kubernetes' own.
    private static final Pattern NOT_IN_THE_TABLES =
            Pattern.compile("apiVersion|kind|status|metadata\\.(?!name$).*");

    /// The page has these in a sentence: one of them is the key's place.
    private static final String KEY = "spec.remote.apiKey";

    @Test
    void everyFieldIsListedAndNoOther() {
        var fields = new TreeSet<String>();
        collect("", fields);
        fields.removeIf(field -> NOT_IN_THE_TABLES.matcher(field).matches());
        fields.removeIf(field -> field.startsWith(KEY + "."));
        fields.add(KEY);
        assertThat(listed()).isEqualTo(fields);
    }

    @Test
    void everyPlaceOfAKeyIsShown() {
        var places = new TreeSet<String>();
        collect(KEY, places);
        assertThat(places).hasSizeGreaterThanOrEqualTo(4);
        var page = Repository.text(PAGE);
        for (var place : places) {
            var name = place.substring(place.lastIndexOf('.') + 1);
            assertThat(page).as(place).containsPattern("[{ ]" + name + ": ");
        }
    }

    @Test
    void whatThePagesShowAsAManifestIsOne() {
        var shown = 0;
        for (var page : Repository.files(".md").toList()) {
            for (var manifest : Repository.matches(MANIFEST, Repository.text(page))) {
                var read = ManifestReader.read(page.toString(), manifest);
                assertThat(read.errors()).as(page + "\n" + manifest).isEmpty();
                assertThat(read.models()).as(page.toString()).isNotEmpty();
                shown++;
            }
        }
        assertThat(shown).isGreaterThanOrEqualTo(3);
    }

    /// Those that have no fields inside. What every engine there is refuses is left aside.
    private static void collect(String path, Set<String> fields) {
        var inside = known(path);
        if (inside.isEmpty()) {
            if (!isOfNoEffect(path)) {
                fields.add(path);
            }
            return;
        }
        inside.forEach(name -> collect(path.isEmpty() ? name : path + "." + name, fields));
    }

    private static List<String> known(String path) {
        var field = path.isEmpty() ? STRANGE : path + "." + STRANGE;
        return errors(field, "1")
                .flatMap(error -> KNOWN.matcher(error.message()).results())
                .flatMap(names -> Stream.of(names.group(1).split(", ")))
                .toList();
    }

    private static boolean isOfNoEffect(String path) {
        return errors(path, "{}").anyMatch(error -> error.message().startsWith("has no effect"));
    }

    /// What is said of a manifest that has only this field, and an engine beside it where one goes.
    private static Stream<ManifestError> errors(String path, String value) {
        var manifest = value;
        for (var name : List.of(path.split("\\.")).reversed()) {
            var its = name.equals("local") ? "{engine: simulator, " : "{";
            manifest = "{" + name + ": " + manifest.replaceFirst("^\\{", its) + "}";
        }
        var whole = manifest.replaceFirst("^\\{", "{kind: AIModel, ");
        return ManifestReader.read("probe", whole).errors().stream();
    }

    /// The names in the first column; one without dots is a neighbour of the one before.
    private static Set<String> listed() {
        var fields = new TreeSet<String>();
        Repository.text(PAGE)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|")[1])
                .forEach(cell -> addFields(cell, fields));
        return fields;
    }

    private static void addFields(String cell, Set<String> fields) {
        var parent = "";
        for (var name : Repository.matches(FIELD, cell)) {
            var whole = name.contains(".") ? name : parent + name;
            parent = whole.substring(0, whole.lastIndexOf('.') + 1);
            fields.add(whole);
        }
    }
}
