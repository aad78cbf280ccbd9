// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildLogTest {
    @TempDir private Path run;
    private Path file;
    private ChildLog log;

    @BeforeEach
    void fresh() {
        file = run.resolve("worker-1.log");
        log = new ChildLog(file);
    }

    @Test
    void tailIsOfTheLastStartOnly() throws IOException {
        Files.writeString(file, "of an earlier start\n");
        log.beginStart();
        assertThat(log.tail()).contains("printed nothing");

        append("first\nsecond");

        assertThat(log.tail()).isEqualTo("\n  first\n  second");
    }

    @Test
    void tailIsShortHoweverMuchWasPrinted() throws IOException {
        log.beginStart();
        append("x".repeat(5000) + "\n");
        append("line\n".repeat(10_000));
        append("y".repeat(5000) + "\n");

        assertThat(log.tail().lines().filter(line -> !line.isEmpty())).hasSize(20);
        assertThat(log.tail().length()).isLessThan(1000);
    }

    @Test
    void aLargeOneIsPutAsideAtAStart() throws IOException {
        try (var large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength((64L << 20) + 1);
        }
        log.beginStart();
        append("new\n");

        assertThat(run.resolve("worker-1.log.1")).hasSize((64L << 20) + 1);
        assertThat(file).hasContent("new\n");
        assertThat(log.tail()).isEqualTo("\n  new");
    }

    /// The child has the file open and knows nothing of it.
    @Test
    void aLargeOneIsPutAsideWhileItIsWritten() throws IOException {
        log.beginStart();
        try (var child = new FileOutputStream(file.toFile(), true)) {
            child.write("old\n".getBytes(StandardCharsets.UTF_8));
            log.bound();
            assertThat(run.resolve("worker-1.log.1")).doesNotExist();
            try (var large = new RandomAccessFile(file.toFile(), "rw")) {
                large.setLength((64L << 20) + 1);
            }

            log.bound();
            child.write("new\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(file).hasContent("new\n");
        assertThat(run.resolve("worker-1.log.1")).hasSize((64L << 20) + 1);
        assertThat(log.tail()).isEqualTo("\n  new");
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
