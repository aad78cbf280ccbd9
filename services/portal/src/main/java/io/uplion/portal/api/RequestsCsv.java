// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.http.Sink;
import io.uplion.portal.paging.Page;
import io.uplion.portal.paging.Position;
import io.uplion.portal.usage.BilledRequest;
import io.uplion.portal.usage.Dimension;
import io.uplion.portal.usage.RequestQuery;
import io.uplion.portal.usage.Usage;
import io.uplion.portal.usage.UsageRow.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The log of requests as a table for spreadsheets, however long: it is read while it is sent.
final class RequestsCsv {
    private static final int ROWS_AT_ONCE = 1_000;

    private RequestsCsv() {}

    static void write(Usage usage, RequestQuery asked, Sink sink) {
        sink.write(Csv.line(names()));
        Optional<Position> after = Optional.of(Position.FIRST);
        while (after.isPresent()) {
            Page<BilledRequest> page = usage.requests(asked, after.get(), ROWS_AT_ONCE);
            StringBuilder lines = new StringBuilder();
            page.items().forEach(one -> lines.append(Csv.line(values(one))));
            if (!lines.isEmpty()) {
                sink.write(lines.toString());
            }
            after = page.next();
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("id", "accepted_at"));
        for (Dimension dimension : Dimension.values()) {
            names.add(dimension.shown());
        }
        names.addAll(
                List.of(
                        "endpoint",
                        "source",
                        "status",
                        "attempt",
                        "input_tokens",
                        "cached_input_tokens",
                        "output_tokens",
                        "reasoning_tokens",
                        "nanos",
                        "first_frame_millis",
                        "total_millis"));
        return names;
    }

    private static List<Object> values(BilledRequest one) {
        List<Object> values =
                new ArrayList<>(List.of(one.requestId(), one.acceptedAt().toString()));
        for (Dimension dimension : Dimension.values()) {
            String value = one.dimensions().getOrDefault(dimension, "");
            values.add(dimension == Dimension.OUTCOME ? value.toLowerCase(Locale.ROOT) : value);
        }
        Tokens tokens = one.tokens();
        values.addAll(
                List.of(
                        one.endpoint(),
                        one.source().toLowerCase(Locale.ROOT),
                        one.status(),
                        one.attempt(),
                        tokens.input(),
                        tokens.cachedInput(),
                        tokens.output(),
                        tokens.reasoning(),
                        one.nanos(),
                        one.firstFrameMillis(),
                        one.totalMillis()));
        return values;
    }
}
