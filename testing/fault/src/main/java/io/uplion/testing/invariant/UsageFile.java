// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.task.UsageRecord.Timing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Reads usage records from lines of JSON, those of the journal's segments included; what stands
/// before the JSON in a line is skipped. Only what the invariants look at is read: who pays is
/// nobody here.
final class UsageFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID NOBODY = new UUID(0, 0);

    private UsageFile() {}

    /// @throws IOException if there is no such file, or a line is no usage record
    static List<UsageRecord> read(Path file) throws IOException {
        List<UsageRecord> records = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            int json = line.indexOf('{');
            if (json >= 0) {
                records.add(record(file, line.substring(json)));
            }
        }
        return records;
    }

    private static UsageRecord record(Path file, String line) throws IOException {
        try {
            return record(JSON.readTree(line));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException("Not a usage record in " + file + ": " + line, e);
        }
    }

    private static UsageRecord record(JsonNode json) {
        Claim claim =
                new Claim(
                        UUID.fromString(json.path("task").asText()),
                        json.path("attempt").asInt(),
                        NOBODY,
                        NOBODY,
                        Optional.empty(),
                        json.path("model").asText(),
                        Endpoint.byId(json.path("endpoint").asText()).orElse(Endpoint.CHAT),
                        json.path("pool").asText(),
                        Price.FREE,
                        OptionalLong.empty(),
                        "");
        TokenUsage tokens =
                new TokenUsage(
                        json.path("input").asLong(),
                        json.path("cachedInput").asLong(),
                        json.path("output").asLong(),
                        json.path("reasoning").asLong(),
                        json.path("audioInput").asLong(),
                        json.path("audioOutput").asLong());
        return new UsageRecord(
                claim,
                Outcome.valueOf(json.path("outcome").asText()),
                Source.valueOf(json.path("source").asText()),
                tokens,
                json.path("status").asInt(),
                Instant.ofEpochMilli(json.path("endedAtMillis").asLong()),
                new Timing(Duration.ZERO, Duration.ZERO));
    }
}
