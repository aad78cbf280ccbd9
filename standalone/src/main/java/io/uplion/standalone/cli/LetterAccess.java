// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.queue.KeptLetters;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.journal.KeptLetterFiles;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarConnection;
import io.uplion.queue.pulsar.PulsarKeptLetters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/// The dead letters of a platform: in its broker while it runs distributed, else in files, which
/// can be read at any time.
final class LetterAccess {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LetterAccess() {}

    static <T> T with(Path data, Function<KeptLetters, T> work) {
        Path endpoints = data.resolve("run").resolve("endpoints.json");
        Path files = data.resolve("dead-letters");
        try {
            if (Files.exists(endpoints)) {
                return fromBroker(JSON.readTree(endpoints.toFile()), work);
            }
            if (Files.exists(files)) {
                return work.apply(new KeptLetterFiles(files));
            }
        } catch (IOException e) {
            throw new CommandFailure("the dead letters cannot be read: " + e.getMessage());
        } catch (QueueException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
        throw new CommandFailure(
                Files.exists(data.resolve("pulsar"))
                        ? "the dead letters are in the broker, which does not run; start it with:"
                                + " uplion up --distributed --data "
                                + data
                        : "there is no platform in "
                                + data
                                + "; start one with: uplion up --data "
                                + data);
    }

    private static <T> T fromBroker(JsonNode endpoints, Function<KeptLetters, T> work) {
        String broker = endpoints.path("pulsar").asText();
        String admin = endpoints.path("pulsar-admin").asText();
        if (broker.isEmpty() || admin.isEmpty()) {
            throw new CommandFailure("the broker has not started yet; try again");
        }
        try (PulsarAdmin asked = new PulsarAdmin(admin);
                PulsarConnection connection = PulsarConnection.open(broker)) {
            return work.apply(new PulsarKeptLetters(connection, asked));
        }
    }
}
