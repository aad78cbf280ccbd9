// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.standalone.data.DataDirectory.DataException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {
    @TempDir Path directory;

    @Test
    void directoryIsMadeAndHeld() {
        var path = directory.resolve("a/b");
        try (var data = DataDirectory.hold(path)) {
            assertThat(data.path()).isEqualTo(path).isDirectory();
        }
    }

    @Test
    void whatIsMadeIsForItsOwnerAlone() throws IOException {
        var path = directory.resolve("a/b");
        try (var data = DataDirectory.hold(path)) {
            assertThat(mode(path)).isEqualTo("rwx------");
            assertThat(mode(data.directory("models"))).isEqualTo("rwx------");
            assertThat(mode(data.ownDirectory("usage"))).isEqualTo("rwx------");
        }
    }

    @Test
    void whatMustBePrivateIsMadeSoAndTheRestIsLeftAsItsOwnerWantsIt() throws IOException {
        for (var name : List.of("models", "usage")) {
            Files.createDirectory(directory.resolve(name), mode());
        }
        try (var data = DataDirectory.hold(directory)) {
            assertThat(mode(data.directory("models"))).isEqualTo("rwxr-x---");
            assertThat(mode(data.ownDirectory("usage"))).isEqualTo("rwx------");
        }
    }

    private static FileAttribute<?> mode() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void halfWrittenFilesOfAKilledStartAreTakenAway() throws IOException {
        Files.createFile(directory.resolve(".first-run.json123.part"));
        Files.createFile(directory.resolve("mine.part"));

        DataDirectory.hold(directory).close();

        assertThat(directory.resolve(".first-run.json123.part")).doesNotExist();
        assertThat(directory.resolve("mine.part")).exists();
    }

    @Test
    void directoryThatIsHeldIsInUseAndSaysByWhom() {
        try (var data = DataDirectory.hold(directory)) {
            assertThat(data.path()).isDirectory();
            assertThatThrownBy(() -> DataDirectory.hold(directory))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("is in use")
                    .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
        }
        DataDirectory.hold(directory).close();
    }

    @Test
    void ownerOfAnEarlierLifeIsForgotten() throws IOException {
        Files.writeString(directory.resolve("up.lock"), "999999999999");

        DataDirectory.hold(directory).close();
        assertThat(directory.resolve("up.lock"))
                .hasContent(String.valueOf(ProcessHandle.current().pid()));
    }

    /// Its programs lie there, and a shell reads their path.
    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            quoteCharacter = '~',
            value = {
                "a$b   : the character $",
                "a`b   : the character `",
                "a\"b   : the character \"",
                "a\\\\b  : two backslashes",
                "~a\nb~ : a line break",
                "~a\rb~ : a line break",
            })
    void pathsThatAShellWouldReadAreRefusedInOneLineBeforeAnythingIsMade(String name, String called)
            throws IOException {
        var parent = Files.createDirectories(directory.resolve("parent"));
        assertRefused(parent.resolve(name), called);
        assertRefused(parent.resolve(name).resolve("data"), called);
        assertThat(parent).isEmptyDirectory();

        // The programs resolve links.
        var odd = Files.createDirectory(directory.resolve(name));
        var link = Files.createSymbolicLink(directory.resolve("link"), odd);
        assertRefused(link, called);
        assertRefused(link.resolve("data"), called);
        assertThat(odd).isEmptyDirectory();
    }

    private static void assertRefused(Path path, String called) {
        assertThatThrownBy(() -> DataDirectory.hold(path))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("--data must not be a path with " + called + ", ")
                .message()
                .matches("\\P{Cntrl}+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "it's",
                "größe 数据",
                "a&b;c|d",
                "a*b?c[d]",
                "100%!",
                "#~(x)<y>",
                "a\\b"
            })
    void whatAShellLeavesAloneBetweenQuotesIsUsed(String name) {
        try (var data = DataDirectory.hold(directory.resolve(name))) {
            assertThat(data.path()).isDirectory();
        }
    }

    @Test
    void pathThatIsAFileIsSaidInOneLine() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "mine");

        assertThatThrownBy(() -> DataDirectory.hold(file))
                .isInstanceOf(DataException.class)
                .hasMessage("the data directory cannot be used: " + file + " is not a directory")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> DataDirectory.readable(file))
                .hasMessage(file + " is not a directory");
        assertThat(file).hasContent("mine");
    }

    @Test
    void directoryThatIsNotThereCannotBeRead() {
        assertThatThrownBy(() -> DataDirectory.readable(directory.resolve("absent")))
                .isInstanceOf(DataException.class)
                .hasMessage(directory.resolve("absent") + " is not there");
        assertThat(DataDirectory.readable(directory)).isEqualTo(directory);
    }

    @Test
    void partsAreMadeInside() throws IOException {
        try (var data = DataDirectory.hold(directory)) {
            assertThat(data.directory("usage")).isEqualTo(directory.resolve("usage")).isDirectory();
            assertThat(data.directory("usage")).isDirectory();
            Files.writeString(directory.resolve("taken"), "");
            assertThatThrownBy(() -> data.directory("taken"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("taken is not a directory");
        }
    }

    /// Each in one line that names the file: the system's own words would be the path alone.
    @Test
    void whatIsWrongIsNamed() throws IOException {
        var file = Files.writeString(directory.resolve("file"), "mine");

        assertThatThrownBy(() -> DataDirectory.hold(file.resolve("data")))
                .hasMessageContaining(file + " is not a directory");
        assertThatThrownBy(() -> DataDirectory.hold(file.resolve("a/b")))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("irectory");
        assertThat(FileTrouble.words(new AccessDeniedException("/data/up.lock")))
                .isEqualTo("/data/up.lock is not open to this user: it cannot be read or written");
        assertThat(
                        FileTrouble.words(
                                new FileSystemException("/data", null, "Read-only file system")))
                .isEqualTo("/data: Read-only file system");
    }
}
