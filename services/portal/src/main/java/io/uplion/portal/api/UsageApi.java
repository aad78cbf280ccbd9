// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.portal.http.Call;
import io.uplion.portal.http.Operation;
import io.uplion.portal.http.ProblemException;
import io.uplion.portal.http.Reply;
import io.uplion.portal.limits.Problem;
import io.uplion.portal.usage.Dimension;
import io.uplion.portal.usage.RequestQuery;
import io.uplion.portal.usage.Step;
import io.uplion.portal.usage.Usage;
import io.uplion.portal.usage.UsageQuery;
import io.uplion.portal.usage.UsageRow;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The operations about usage: everybody's own, and for those who see all, all.
public final class UsageApi {
    private static final Set<Role> SEE_ALL =
            Set.of(Role.OWNER, Role.ADMIN, Role.OPERATOR, Role.VIEWER);
    private static final Duration USUAL = Duration.ofDays(30);

    private final Usage usage;
    private final Clock clock;

    public UsageApi(Usage usage, Clock clock) {
        this.usage = usage;
        this.clock = clock;
    }

    public Map<String, Operation> operations() {
        return Map.of(
                "getUsage", this::sums,
                "getUsageCsv", this::csv,
                "getUsageTimes", this::times,
                "listRequests", this::requests,
                "listRequestsCsv", this::requestsCsv);
    }

    private Reply sums(Call call) {
        return Reply.ok(items(usage.sums(asked(call, own(call))), UsageJson::of));
    }

    private Reply csv(Call call) {
        UsageQuery asked = asked(call, own(call));
        List<UsageRow> rows = usage.sums(asked).orElseThrow(UsageApi::tooMany);
        return Csv.attached("usage.csv", sink -> UsageCsv.write(asked.by(), rows, sink));
    }

    private Reply times(Call call) {
        Map<Dimension, String> own = new EnumMap<>(Dimension.class);
        if (!seesAll(call)) {
            // Times are not kept by user; his own account is what comes nearest.
            own.put(Dimension.ACCOUNT, call.caller().user().account().toString());
        }
        return Reply.ok(items(usage.times(asked(call, own)), UsageJson::of));
    }

    private Reply requests(Call call) {
        return Reply.ok(
                PageJson.of(
                        usage.requests(
                                requestQuery(call), PageJson.after(call), PageJson.limit(call)),
                        UsageJson::of));
    }

    private Reply requestsCsv(Call call) {
        RequestQuery asked = requestQuery(call);
        return Csv.attached("requests.csv", sink -> RequestsCsv.write(usage, asked, sink));
    }

    private static <T> JsonObject items(Optional<List<T>> rows, Function<T, JsonObject> shown) {
        return new JsonObject()
                .put(
                        "items",
                        new JsonArray(
                                rows.orElseThrow(UsageApi::tooMany).stream().map(shown).toList()));
    }

    private static ProblemException tooMany() {
        return ProblemException.of(
                422,
                "too_many_rows",
                "There are more than " + Usage.MOST_ROWS + " rows; ask for less.");
    }

    private static boolean seesAll(Call call) {
        return call.caller().hasOneOf(SEE_ALL);
    }

    private static Map<Dimension, String> own(Call call) {
        Map<Dimension, String> own = new EnumMap<>(Dimension.class);
        if (!seesAll(call)) {
            own.put(Dimension.USER, call.caller().user().id().toString());
        }
        return own;
    }

    private UsageQuery asked(Call call, Map<Dimension, String> own) {
        Instant to = call.queryTime("to").orElseGet(this::nextHour);
        Instant from = call.queryTime("from").orElseGet(() -> to.minus(USUAL));
        requireOrder(from, to);
        return new UsageQuery(
                requireHour("from", from),
                requireHour("to", to),
                Step.valueOf(call.query("step").orElse("day").toUpperCase(Locale.ROOT)),
                by(call),
                only(call, own));
    }

    private RequestQuery requestQuery(Call call) {
        Instant to = call.queryTime("to").orElseGet(this::nextHour);
        Instant from = call.queryTime("from").orElseGet(() -> to.minus(USUAL));
        requireOrder(from, to);
        return new RequestQuery(from, to, only(call, own(call)));
    }

    private Instant nextHour() {
        return clock.instant().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    }

    private static void requireOrder(Instant from, Instant to) {
        if (!from.isBefore(to)) {
            throw ProblemException.of(new Problem("from", "must be before `to`"));
        }
    }

    /// Usage is summed up by the hour.
    private static Instant requireHour(String field, Instant time) {
        if (!time.truncatedTo(ChronoUnit.HOURS).equals(time)) {
            throw ProblemException.of(new Problem(field, "must be a whole hour"));
        }
        return time;
    }

    private static List<Dimension> by(Call call) {
        List<Dimension> by = new ArrayList<>();
        for (String name : call.queryTexts("by")) {
            by.add(Dimension.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return by;
    }

    private static Map<Dimension, String> only(Call call, Map<Dimension, String> own) {
        Map<Dimension, String> only = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            call.query(dimension.shown())
                    .ifPresent(value -> only.put(dimension, stored(dimension, value)));
        }
        own.forEach((dimension, value) -> restrict(only, dimension, value));
        return only;
    }

    private static void restrict(Map<Dimension, String> only, Dimension to, String own) {
        if (!only.getOrDefault(to, own).equalsIgnoreCase(own)) {
            throw ProblemException.forbidden();
        }
        only.put(to, own);
    }

    private static String stored(Dimension dimension, String value) {
        return dimension == Dimension.OUTCOME ? value.toUpperCase(Locale.ROOT) : value;
    }
}
