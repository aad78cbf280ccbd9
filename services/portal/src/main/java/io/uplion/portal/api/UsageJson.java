// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.usage.BilledRequest;
import io.uplion.portal.usage.Dimension;
import io.uplion.portal.usage.Quantiles;
import io.uplion.portal.usage.TimesRow;
import io.uplion.portal.usage.UsageRow;
import io.uplion.portal.usage.UsageRow.Tokens;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/// Usage as it is shown.
final class UsageJson {
    private UsageJson() {}

    static JsonObject of(UsageRow row) {
        return named(row.dimensions())
                .put("time", row.time().toString())
                .put("requests", row.requests())
                .put("broken", row.broken())
                .put("tokens", tokens(row.tokens()))
                .put("nanos", row.nanos())
                .put("absorbedNanos", row.absorbedNanos());
    }

    static JsonObject of(TimesRow row) {
        return named(row.dimensions())
                .put("time", row.time().toString())
                .put("requests", row.total().count())
                .put("firstFrame", millis(row.firstFrame()))
                .put("total", millis(row.total()));
    }

    static JsonObject of(BilledRequest one) {
        JsonObject shown =
                new JsonObject()
                        .put("id", one.requestId())
                        .put("acceptedAt", one.acceptedAt().toString());
        for (Dimension dimension : Dimension.values()) {
            shown.put(dimension.shown(), one.dimensions().get(dimension));
        }
        return shown.put("outcome", lower(shown.getString("outcome")))
                .put("endpoint", one.endpoint())
                .put("source", lower(one.source()))
                .put("status", one.status())
                .put("attempt", one.attempt())
                .put("tokens", tokens(one.tokens()))
                .put("nanos", one.nanos())
                .put("firstFrameMillis", one.firstFrameMillis())
                .put("totalMillis", one.totalMillis());
    }

    private static JsonObject named(Map<String, String> dimensions) {
        JsonObject shown = new JsonObject();
        dimensions.forEach(
                (name, value) ->
                        shown.put(
                                name,
                                name.equals(Dimension.OUTCOME.shown()) ? lower(value) : value));
        return shown;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static JsonObject tokens(Tokens tokens) {
        return new JsonObject()
                .put("input", tokens.input())
                .put("cachedInput", tokens.cachedInput())
                .put("audioInput", tokens.audioInput())
                .put("output", tokens.output())
                .put("reasoning", tokens.reasoning())
                .put("audioOutput", tokens.audioOutput());
    }

    private static JsonObject millis(Quantiles quantiles) {
        return new JsonObject()
                .put("p50Millis", Math.round(quantiles.p50()))
                .put("p95Millis", Math.round(quantiles.p95()));
    }
}
