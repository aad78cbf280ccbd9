// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// What one gateway tells the others of places that clients were promised: JSON in the shared
/// state.
///
/// @param given what it has promised and nobody has taken, as far as it knows
/// @param taken places that were taken at this gateway lately, whoever has promised them
record ToldPlaces(List<Given> given, List<String> taken) {
    static final ToldPlaces NONE = new ToldPlaces(List.of(), List.of());

    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /// @param request [Asker#request]
    /// @param dueInMillis from when it is told; gateways' clocks need not agree. Less than 0 where
    ///   its time has come
    record Given(String id, String model, String request, long dueInMillis) {}

    String text() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Nothing where another version wrote what this one cannot read.
    static Optional<ToldPlaces> parse(String text) {
        try {
            return Optional.ofNullable(JSON.readValue(text, ToldPlaces.class))
                    .filter(told -> told.given() != null && told.taken() != null)
                    .filter(told -> told.given().stream().allMatch(ToldPlaces::isWhole));
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    private static boolean isWhole(Given given) {
        return given != null
                && given.id() != null
                && given.model() != null
                && given.request() != null;
    }
}
