// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// A request that is as the document says, from somebody who may make it.
///
/// @param ifMatch the version that the client has seen, as it was told
public record Call(
        Optional<Caller> asker, Client client, Optional<String> ifMatch, ValidatedRequest request) {

    /// Of an operation that only those who have signed in may ask for.
    public Caller caller() {
        return asker.orElseThrow();
    }

    /// The session that asks.
    public UUID session() {
        return caller().session()
                .orElseThrow(
                        () ->
                                ProblemException.of(
                                        403,
                                        "needs_session",
                                        "This is about whoever has signed in, and you ask with a"
                                                + " key."));
    }

    /// Of an operation whose path has it, as a UUID.
    public UUID pathId(String name) {
        return Optional.ofNullable(request.getPathParameters().get(name))
                .map(RequestParameter::getString)
                .map(UUID::fromString)
                .orElseThrow();
    }

    public Optional<String> query(String name) {
        return parameter(name).map(RequestParameter::getString);
    }

    public Optional<UUID> queryId(String name) {
        return query(name).map(UUID::fromString);
    }

    public Optional<Instant> queryTime(String name) {
        return query(name).map(text -> OffsetDateTime.parse(text).toInstant());
    }

    public Optional<Integer> queryNumber(String name) {
        return parameter(name).map(RequestParameter::getInteger);
    }

    public Optional<Boolean> queryChoice(String name) {
        return parameter(name).map(RequestParameter::getBoolean);
    }

    public boolean queryFlag(String name) {
        return queryChoice(name).orElse(false);
    }

    /// Of a parameter that is a list of texts.
    public List<String> queryTexts(String name) {
        return parameter(name)
                .map(RequestParameter::getJsonArray)
                .map(texts -> texts.stream().map(String.class::cast).toList())
                .orElse(List.of());
    }

    private Optional<RequestParameter> parameter(String name) {
        return Optional.ofNullable(request.getQuery().get(name)).filter(its -> !its.isNull());
    }

    /// Of an operation that requires one.
    public JsonObject body() {
        return Optional.ofNullable(request.getBody().getJsonObject()).orElseThrow();
    }

    public Optional<String> text(String field) {
        return Optional.ofNullable(body().getString(field));
    }

    /// @return nothing where the field is missing
    public Optional<Set<String>> texts(String field) {
        return Optional.ofNullable(body().getJsonArray(field)).map(Call::strings);
    }

    /// Of an array of texts, as the document asks for.
    public static Set<String> strings(JsonArray array) {
        return array.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet());
    }
}
