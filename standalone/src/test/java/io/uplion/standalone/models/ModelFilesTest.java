// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.ManifestError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
    @TempDir Path directory;
    private ModelFiles files;

    @BeforeEach
    void open() {
        files = new ModelFiles(directory);
    }

    private static String manifest(String name) {
        return """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: %s}
                spec:
                  type: local
                  local: {engine: simulator}
                """
                .formatted(name);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
    }

    private ModelFiles.Found changed() throws IOException {
        return files.look().orElseThrow();
    }

    private static List<String> names(ModelFiles.Found found) {
        return found.models().stream().map(AIModel::name).toList();
    }

    @Test
    void nothingIsNothing() throws IOException {
        assertThat(files.look()).isEmpty();
    }

    @Test
    void filesAreReadOnceUntilTheyChange() throws IOException {
        write("a.yaml", manifest("a"));
        write("b.yml", manifest("b"));

        var found = changed();
        assertThat(names(found)).containsExactly("a", "b");
        assertThat(found.errors()).isEmpty();
        assertThat(files.look()).isEmpty();
    }

    @Test
    void addedChangedAndRemovedFilesAreSeen() throws IOException {
        write("a.yaml", manifest("a"));
        changed();

        write("b.yaml", manifest("b"));
        assertThat(names(changed())).containsExactly("a", "b");
        write("a.yaml", manifest("other-name"));
        assertThat(names(changed())).containsExactly("b", "other-name");
        Files.delete(directory.resolve("b.yaml"));
        assertThat(names(changed())).containsExactly("other-name");
        Files.move(directory.resolve("a.yaml"), directory.resolve("c.yaml"));
        assertThat(names(changed())).containsExactly("other-name");
    }

    @Test
    void fileThatIsReplacedByOneOfTheSameSizeAndTimeIsSeen() throws IOException {
        write("a.yaml", manifest("one"));
        changed();
        var time = Files.getLastModifiedTime(directory.resolve("a.yaml"));
        write("new", manifest("two"));
        Files.setLastModifiedTime(directory.resolve("new"), time);
        Files.move(
                directory.resolve("new"),
                directory.resolve("a.yaml"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(names(changed())).containsExactly("two");
    }

    @Test
    void otherFilesAreNone() throws IOException {
        write("notes.txt", "x");
        write(".hidden.yaml", "x");
        write("a.yaml~", "x");
        Files.createDirectory(directory.resolve("directory.yaml"));
        Files.createDirectories(directory.resolve("secrets"));

        assertThat(files.look()).isEmpty();
    }

    @Test
    void badFileIsAnErrorAndTheOthersGoOn() throws IOException {
        write("a.yaml", manifest("a"));
        write("bad.yaml", manifest("b").replace("simulator", "wishful"));
        write("worse.yaml", "{");
        Files.write(directory.resolve("bytes.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
        write("large.yaml", "# " + "x".repeat(1 << 20));

        var found = changed();
        assertThat(names(found)).containsExactly("a");
        assertThat(found.errors().stream().map(ManifestError::file))
                .contains("bad.yaml", "worse.yaml", "bytes.yaml", "large.yaml")
                .doesNotContain("a.yaml");
        assertThat(found.errors())
                .anySatisfy(
                        error -> {
                            assertThat(error.file()).isEqualTo("bad.yaml");
                            assertThat(error.line()).isEqualTo(6);
                            assertThat(error.field()).isEqualTo("spec.local.engine");
                        });
    }

    /// An editor empties a file before it writes it anew.
    @Test
    void fileThatIsJustBeingWrittenKeepsItsModels() throws IOException {
        write("a.yaml", manifest("a"));
        changed();

        write("a.yaml", "");
        assertThat(files.look()).isEmpty();
        write("a.yaml", manifest("a") + "\n");
        assertThat(names(changed())).containsExactly("a");

        write("a.yaml", "apiVersion: upl");
        assertThat(files.look()).isEmpty();
        var wrong = changed();
        assertThat(wrong.models()).isEmpty();
        assertThat(wrong.errors()).isNotEmpty();
        assertThat(files.look()).isEmpty();
        write("a.yaml", manifest("a"));
        assertThat(names(changed())).containsExactly("a");
        write("a.yaml", "");
        files.look();
        assertThat(changed().empty()).containsExactly("a.yaml");
    }

    @Test
    void correctedFileIsRight() throws IOException {
        write("a.yaml", "{");
        assertThat(changed().errors()).isNotEmpty();
        write("a.yaml", manifest("a"));

        var found = changed();
        assertThat(names(found)).containsExactly("a");
        assertThat(found.errors()).isEmpty();
    }

    @Test
    void nameThatIsTakenIsAnErrorOfTheSecondFile() throws IOException {
        write("a.yaml", manifest("same"));
        write("b.yaml", manifest("same"));

        var found = changed();
        assertThat(names(found)).containsExactly("same");
        assertThat(found.errors()).hasSize(1);
        assertThat(found.errors().getFirst().file()).isEqualTo("b.yaml");
        assertThat(found.errors().getFirst().message()).contains("a.yaml");
        assertThat(found.errors().getFirst().line()).isEqualTo(3);
        Files.delete(directory.resolve("a.yaml"));
        assertThat(changed().errors()).isEmpty();
    }

    @Test
    void fileThatComesLaterTakesNothingOver() throws IOException {
        write("m.yaml", manifest("other") + "---\n" + manifest("same"));
        changed();
        write("a.yaml", manifest("same").replace("simulator}", "simulator}\n  concurrency: 7"));

        var found = changed();
        assertThat(found.models())
                .extracting(AIModel::concurrency)
                .containsOnly(AIModel.DEFAULT_CONCURRENCY);
        assertThat(found.errors()).extracting(ManifestError::file).containsExactly("a.yaml");
        assertThat(found.errors().getFirst().message()).contains("m.yaml");
        Files.delete(directory.resolve("m.yaml"));
        assertThat(changed().models()).extracting(AIModel::concurrency).containsExactly(7);
    }

    @Test
    void fileThatSaysNothingIsNamed() throws IOException {
        write("a.yaml", manifest("a"));
        write("empty.yaml", "");
        write("comments.yaml", "# later\n---\n");

        var found = changed();
        assertThat(found.errors()).isEmpty();
        assertThat(found.empty()).containsExactly("comments.yaml", "empty.yaml");
        write("empty.yaml", manifest("b"));
        assertThat(changed().empty()).containsExactly("comments.yaml");
    }

    @Test
    void linkThatLeadsNowhereIsAnErrorAndTheOthersGoOn() throws IOException {
        write("a.yaml", manifest("a"));
        Files.createSymbolicLink(directory.resolve("link.yaml"), directory.resolve("nowhere"));

        var found = changed();
        assertThat(names(found)).containsExactly("a");
        assertThat(found.errors().getFirst().file()).isEqualTo("link.yaml");
        assertThat(files.look()).isEmpty();
    }
}
