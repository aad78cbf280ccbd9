// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.uplion.catalog.TopicName;
import io.uplion.openai.JsonText;
import io.uplion.queue.DeadLetters;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Dead letters as files, one a task, in one directory a model. The oldest go first when there are
/// too many, or too many bytes: a provider that fails for a night must not fill the disk.
///
/// Written on threads of their own, for a letter may have sixty megabytes; what waits to be written
/// is bounded too.
public final class DeadLetterFiles implements DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterFiles.class);
    private static final long MAX_WAITING_BYTES = 64 << 20;

    private final Path directory;
    private final Bounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong waiting = new AtomicLong();

    /// For each model.
    ///
    /// @param letters kept at most
    /// @param bytes of all of them together; a letter that alone has more is kept without its body
    public record Bounds(int letters, long bytes) {
        public static final Bounds DEFAULT = new Bounds(500, 64 << 20);
    }

    public DeadLetterFiles(Path directory, Bounds bounds) {
        this.directory = directory;
        this.bounds = bounds;
    }

    @Override
    public CompletionStage<Void> write(DeadLetter letter) {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        long bytes = letter.body().length;
        long before = waiting.getAndAdd(bytes);
        if (before > 0 && before + bytes > MAX_WAITING_BYTES) {
            waiting.addAndGet(-bytes);
            kept.completeExceptionally(new IOException("too many dead letters wait to be written"));
            return kept;
        }
        Thread.ofVirtual()
                .name("dead-letter")
                .start(
                        () -> {
                            try {
                                keep(letter);
                                kept.complete(null);
                            } catch (IOException | RuntimeException | Error e) {
                                LOG.atError()
                                        .setCause(e)
                                        .addKeyValue("request", letter.task().requestId())
                                        .log("a dead letter could not be written");
                                kept.completeExceptionally(e);
                            } finally {
                                waiting.addAndGet(-bytes);
                            }
                        });
        return kept;
    }

    private void keep(DeadLetter letter) throws IOException {
        Path model = directory.resolve(TopicName.of(letter.task().model()));
        Path file = model.resolve(letter.task().id() + ".json");
        Path part = model.resolve(letter.task().id() + ".part");
        lock.lock();
        try {
            OwnFiles.makeDirectory(model);
            write(part, letter, true);
            if (Files.size(part) > bounds.bytes()) {
                write(part, letter, false);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            dropOldest(model);
        } finally {
            lock.unlock();
        }
    }

    private static void write(Path part, DeadLetter letter, boolean withBody) throws IOException {
        try (BufferedOutputStream bytes = new BufferedOutputStream(OwnFiles.write(part))) {
            JsonText.write(bytes, json -> fields(json, letter, withBody));
        }
    }

    private static void fields(JsonGenerator json, DeadLetter letter, boolean withBody)
            throws IOException {
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
        json.writeNumberField("bodyBytes", letter.body().length);
        json.writeFieldName("body");
        if (withBody) {
            Reader body =
                    new InputStreamReader(
                            new ByteArrayInputStream(letter.body()), StandardCharsets.UTF_8);
            json.writeString(body, -1);
        } else {
            json.writeNull();
        }
    }

    /// Names are UUIDv7, so their order is the order of acceptance.
    private void dropOldest(Path model) throws IOException {
        List<Path> letters;
        try (Stream<Path> files = Files.list(model)) {
            letters = files.sorted().toList().reversed();
        }
        long bytes = 0;
        for (int i = 0; i < letters.size(); i++) {
            bytes += Files.size(letters.get(i));
            if (i >= bounds.letters() || bytes > bounds.bytes()) {
                Files.deleteIfExists(letters.get(i));
            }
        }
    }
}
