// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import io.uplion.task.UsageRecord.Outcome;
import io.uplion.task.UsageRecord.Source;
import io.uplion.task.UsageRecord.Timing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// The fields of a line as they are read: texts and whole numbers. What is not known is passed
/// over.
final class UsageFields {
    private final Map<String, String> texts = HashMap.newHashMap(16);
    private final Map<String, Long> numbers = HashMap.newHashMap(32);

    /// @throws IOException where it is no object of JSON
    static UsageFields read(JsonParser in) throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("a usage record is an object");
        }
        UsageFields fields = new UsageFields();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            fields.add(name, in);
        }
        return fields;
    }

    private void add(String name, JsonParser in) throws IOException {
        switch (in.nextToken()) {
            case VALUE_STRING -> texts.put(name, in.getText());
            case VALUE_NUMBER_INT -> numbers.put(name, in.getLongValue());
            case null, default -> in.skipChildren();
        }
    }

    /// @throws IllegalArgumentException where something has no such form
    /// @throws NoSuchElementException where something is missing
    UsageRecord usage() {
        return new UsageRecord(
                claim(),
                Outcome.valueOf(text("outcome")),
                Source.valueOf(text("source")),
                new TokenUsage(
                        number("input", 0),
                        number("cachedInput", 0),
                        number("output", 0),
                        number("reasoning", 0),
                        number("audioInput", 0),
                        number("audioOutput", 0)),
                Math.toIntExact(number("status", 0)),
                Instant.ofEpochMilli(number("endedAtMillis", 0)),
                new Timing(
                        Duration.ofMillis(number("firstFrameMillis", 0)),
                        Duration.ofMillis(number("totalMillis", 0))));
    }

    /// A line of an older version has fewer fields: no signature, no cap, and prices of input and
    /// output alone.
    private Claim claim() {
        Long cap = numbers.get("capNanos");
        return new Claim(
                UUID.fromString(text("task")),
                Math.toIntExact(number("attempt", 0)),
                UUID.fromString(text("account")),
                UUID.fromString(text("user")),
                Optional.ofNullable(texts.get("key")).map(UUID::fromString),
                text("model"),
                Endpoint.byId(text("endpoint")).orElseThrow(),
                text("pool"),
                price(),
                cap == null ? OptionalLong.empty() : OptionalLong.of(cap),
                texts.getOrDefault("signature", ""));
    }

    private Price price() {
        long input = number("inputNanos", 0);
        long output = number("outputNanos", 0);
        return new Price(
                input,
                number("cachedInputNanos", 0),
                output,
                number("reasoningNanos", output),
                number("audioInputNanos", input),
                number("audioOutputNanos", output));
    }

    private String text(String name) {
        return texts.getOrDefault(name, "");
    }

    private long number(String name, long otherwise) {
        return numbers.getOrDefault(name, otherwise);
    }
}
