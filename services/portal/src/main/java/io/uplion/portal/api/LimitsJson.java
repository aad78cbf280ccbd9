// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Limits.Budget;
import io.uplion.platform.identity.Limits.Period;
import io.uplion.portal.limits.Change;
import io.uplion.portal.limits.LimitsChange;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Limits as they are shown and sent.
public final class LimitsJson {
    private LimitsJson() {}

    public static JsonObject of(Limits limits) {
        return new JsonObject()
                .put("rpm", limits.rpm().orElse(null))
                .put("tpm", limits.tpm().orElse(null))
                .put("concurrent", limits.concurrent().orElse(null))
                .put("budget", limits.budget().map(LimitsJson::budget).orElse(null));
    }

    private static JsonObject budget(Budget budget) {
        return new JsonObject()
                .put("nanos", budget.nanos())
                .put("period", budget.period().name().toLowerCase(Locale.ROOT));
    }

    /// What is missing stays, null clears.
    ///
    /// @param sent with the form that the document asks for
    public static LimitsChange change(@Nullable JsonObject sent) {
        if (sent == null) {
            return LimitsChange.NOTHING;
        }
        return new LimitsChange(
                change(sent, "rpm", LimitsJson::number),
                change(sent, "tpm", LimitsJson::number),
                change(sent, "concurrent", value -> Math.toIntExact(number(value))),
                change(sent, "budget", value -> budget((JsonObject) value)));
    }

    /// What is to become of a field's value: missing, it stays; null, it is cleared.
    public static <T> Change<T> change(JsonObject sent, String field, Function<Object, T> read) {
        if (!sent.containsKey(field)) {
            return new Change.Keep<>();
        }
        return Optional.ofNullable(sent.getValue(field))
                .<Change<T>>map(value -> new Change.To<>(read.apply(value)))
                .orElseGet(Change.Clear::new);
    }

    private static Budget budget(JsonObject sent) {
        return new Budget(
                sent.getLong("nanos"),
                Period.valueOf(sent.getString("period").toUpperCase(Locale.ROOT)));
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
