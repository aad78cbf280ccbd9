// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.openai.JsonText;
import io.uplion.queue.KeptLetters;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.task.Task;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What [DeadLetterFiles] has written, also while it writes more.
public final class KeptLetterFiles implements KeptLetters {
    private static final Logger LOG = LoggerFactory.getLogger(KeptLetterFiles.class);
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonText.FACTORY);

    private final Path directory;

    public KeptLetterFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public void read(Consumer<KeptLetter> each) {
        if (Files.notExists(directory)) {
            return;
        }
        try {
            for (Path model : list(directory).stream().filter(Files::isDirectory).toList()) {
                for (Path file : list(model)) {
                    if (file.toString().endsWith(".json")) {
                        read(file, each);
                    }
                }
            }
        } catch (IOException e) {
            throw new QueueException("the dead letters cannot be read: " + e.getMessage(), e);
        }
    }

    /// Names are UUIDv7, so their order is the order of acceptance.
    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    /// The oldest go while we read.
    private static void read(Path file, Consumer<KeptLetter> each) throws IOException {
        KeptLetter letter;
        try {
            letter = letter(MAPPER.readTree(file.toFile()));
        } catch (NoSuchFileException | FileNotFoundException _) {
            return;
        } catch (IllegalArgumentException | JacksonException e) {
            LOG.warn("{} is no dead letter: {}", file, e.getMessage());
            return;
        }
        each.accept(letter);
    }

    private static KeptLetter letter(JsonNode json) {
        Map<String, String> headers = new HashMap<>();
        json.path("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
        return new KeptLetter(
                Task.requestId(UUID.fromString(json.path("task").asText())),
                json.path("model").asText(),
                headers,
                new KeptLetter.Failure(
                        json.path("pool").asText(),
                        json.path("reason").asText(),
                        instant(json.path("writtenAt").asText())),
                json.path("bodyBytes").asLong(),
                json.path("body").asText("").getBytes(StandardCharsets.UTF_8));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
