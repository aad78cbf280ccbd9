// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.uplion.catalog.TopicName;
import io.uplion.openai.JsonText;
import io.uplion.queue.DeadLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Dead letters as files, one a task, in one directory a model. The oldest go first when there are
/// too many: a provider that fails for a night must not fill the disk.
public final class DeadLetterFiles implements DeadLetters {
    public static final int DEFAULT_PER_MODEL = 500;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterFiles.class);

    private final Path directory;
    private final int perModel;

    public DeadLetterFiles(Path directory, int perModel) {
        this.directory = directory;
        this.perModel = perModel;
    }

    @Override
    public synchronized CompletionStage<Void> write(DeadLetter letter) {
        Path model = directory.resolve(TopicName.of(letter.task().model()));
        Path file = model.resolve(letter.task().id() + ".json");
        Path part = model.resolve(letter.task().id() + ".part");
        try {
            Files.createDirectories(model);
            Files.write(part, JsonText.object(json -> fields(json, letter)));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            dropOldest(model);
            return CompletableFuture.completedFuture(null);
        } catch (IOException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("request", letter.task().requestId())
                    .log("a dead letter could not be written");
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void fields(JsonGenerator json, DeadLetter letter) throws IOException {
        json.writeStringField("task", letter.task().id().toString());
        json.writeStringField("model", letter.task().model());
        json.writeStringField("endpoint", letter.task().endpoint().id());
        json.writeBooleanField("stream", letter.task().stream());
        json.writeStringField("acceptedAt", letter.task().acceptedAt().toString());
        json.writeStringField("writtenAt", letter.writtenAt().toString());
        json.writeStringField("pool", letter.pool());
        json.writeStringField("reason", letter.reason());
        json.writeObjectFieldStart("headers");
        for (Map.Entry<String, String> header : new TreeMap<>(letter.headers()).entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
        json.writeStringField("body", new String(letter.body(), StandardCharsets.UTF_8));
    }

    /// Names are UUIDv7, so their order is the order of acceptance.
    private void dropOldest(Path model) throws IOException {
        List<Path> letters;
        try (Stream<Path> files = Files.list(model)) {
            letters = files.sorted().toList();
        }
        for (Path letter : letters.subList(0, Math.max(0, letters.size() - perModel))) {
            Files.deleteIfExists(letter);
        }
    }
}
