// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.provider.Served;
import io.uplion.testing.provider.Underway;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a fake provider had recorded at one moment.
///
/// @param whole no request that ended is missing
/// @param takenNanos `System.nanoTime()` of that moment
public record ProviderRecord(List<ProviderCall> calls, boolean whole, long takenNanos) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public ProviderRecord {
        calls = List.copyOf(calls);
    }

    /// Of a provider in this process.
    public static ProviderRecord of(FakeProvider provider) {
        Map<Long, ProviderCall> calls = new LinkedHashMap<>();
        // Those under way first: one that ends in between is then seen twice, and not missed.
        for (Underway one : provider.underway()) {
            calls.put(
                    one.serial(),
                    new ProviderCall(one.serial(), one.user(), one.atNanos(), Optional.empty()));
        }
        provider.served().forEach(one -> calls.put(one.serial(), call(one)));
        boolean whole = provider.dropped() == 0;
        return new ProviderRecord(List.copyOf(calls.values()), whole, System.nanoTime());
    }

    private static ProviderCall call(Served one) {
        return new ProviderCall(
                one.serial(),
                one.user(),
                one.received().atNanos(),
                Optional.of(
                        new ProviderCall.Outcome(
                                one.ending(), one.tokens(), one.outcome().atNanos())));
    }

    /// Of a provider in another process.
    ///
    /// @param url of which host and port are used
    /// @throws IllegalStateException if there is none
    public static ProviderRecord fetch(String url) {
        try (RawHttp http = RawHttp.connect(url)) {
            String body = http.get("/fake/calls").readResponse().body();
            long now = System.nanoTime();
            JsonNode list = JSON.readTree(body);
            Map<Long, ProviderCall> calls = new LinkedHashMap<>();
            for (JsonNode one : list.path("calls")) {
                ProviderCall call = call(one, now);
                calls.put(call.serial(), call);
            }
            boolean whole = list.path("dropped").asLong(1) == 0;
            return new ProviderRecord(List.copyOf(calls.values()), whole, now);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("No fake provider at " + url, e);
        }
    }

    private static ProviderCall call(JsonNode one, long now) {
        Optional<ProviderCall.Outcome> outcome = Optional.empty();
        if (one.has("ending")) {
            outcome =
                    Optional.of(
                            new ProviderCall.Outcome(
                                    Ending.valueOf(one.path("ending").asText()),
                                    one.path("tokens").asInt(),
                                    now - one.path("endedNanosAgo").asLong()));
        }
        return new ProviderCall(
                one.path("serial").asLong(),
                one.path("user").asText(""),
                now - one.path("beganNanosAgo").asLong(),
                outcome);
    }
}
