// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.catalog.TopicName;
import io.uplion.queue.DeadLetters;
import io.uplion.queue.DeadLettersContract;
import io.uplion.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterFilesContractTest extends DeadLettersContract {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path directory;

    @Override
    protected DeadLetters open() {
        return new DeadLetterFiles(directory, DeadLetterFiles.Bounds.DEFAULT);
    }

    @Override
    protected void close(DeadLetters opened) {
        // Each letter is a file that was closed before its receipt.
    }

    @Override
    protected List<Found> read(String model) throws IOException {
        var letters = new ArrayList<Found>();
        for (var file : files(model)) {
            letters.add(found(JSON.readTree(file.toFile())));
        }
        return letters;
    }

    private static Found found(JsonNode json) {
        var headers = new HashMap<String, String>();
        json.path("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
        return new Found(
                Task.requestId(UUID.fromString(json.path("task").asText())),
                json.path("model").asText(),
                headers,
                json.path("body").asText(),
                json.path("pool").asText(),
                json.path("reason").asText(),
                Instant.parse(json.path("writtenAt").asText()));
    }

    @Override
    protected String stored(String model) throws IOException {
        var all = new StringBuilder();
        for (var file : files(model)) {
            all.append(file.getFileName()).append('\n').append(Files.readString(file));
        }
        return all.toString();
    }

    private List<Path> files(String model) throws IOException {
        try (var files = Files.list(directory.resolve(TopicName.of(model)))) {
            return files.sorted().toList();
        }
    }
}
