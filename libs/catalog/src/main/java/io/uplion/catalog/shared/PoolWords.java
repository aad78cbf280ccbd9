// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.uplion.catalog.live.PoolStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How pools' states stand in the shared state: JSON. What cannot be read, because another version
/// wrote it, is nothing.
final class PoolWords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_MESSAGE = 1000;

    private PoolWords() {}

    static String of(PoolStatus status) {
        return json(status).toString();
    }

    static String of(PoolState state) {
        ObjectNode json = JSON.createObjectNode();
        json.set("status", json(state.status()));
        json.put("desired", state.desired()).put("ready", state.ready());
        state.startingSince().ifPresent(at -> json.put("startingSince", at.toString()));
        state.lastStart().ifPresent(took -> json.put("lastStart", took.toString()));
        return json.toString();
    }

    private static ObjectNode json(PoolStatus status) {
        ObjectNode json = JSON.createObjectNode();
        json.put("state", status.state().name()).put("reason", shortened(status.reason()));
        json.put("message", shortened(status.message()));
        json.put("upstreamStatus", status.upstreamStatus());
        status.retryAt().ifPresent(at -> json.put("retryAt", at.toString()));
        return json;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
    }

    static Optional<PoolStatus> status(String text) {
        return read(text).flatMap(PoolWords::status);
    }

    static Optional<PoolState> state(String text) {
        return read(text).flatMap(PoolWords::state);
    }

    private static Optional<JsonNode> read(String text) {
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private static Optional<PoolState> state(JsonNode json) {
        try {
            Optional<Instant> since = text(json, "startingSince").map(Instant::parse);
            Optional<Duration> took = text(json, "lastStart").map(Duration::parse);
            int desired = json.path("desired").asInt();
            int ready = json.path("ready").asInt();
            return status(json.path("status"))
                    .map(status -> new PoolState(status, desired, ready, since, took));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<PoolStatus> status(JsonNode json) {
        try {
            return Optional.of(
                    new PoolStatus(
                            PoolStatus.State.valueOf(json.path("state").asText()),
                            json.path("reason").asText(),
                            json.path("message").asText(),
                            json.path("upstreamStatus").asInt(),
                            text(json, "retryAt").map(Instant::parse)));
        } catch (IllegalArgumentException | DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode json, String name) {
        return Optional.ofNullable(json.get(name)).map(JsonNode::asText);
    }
}
