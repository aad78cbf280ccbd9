// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.billing.price.Prices;
import io.uplion.billing.price.Prices.Setting;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PerMillion;
import io.uplion.catalog.price.PriceList.Dated;
import io.uplion.catalog.price.PriceList.Entry;
import io.uplion.catalog.price.PriceList.Of;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `./uplion price set`.
@Command(
        name = "set",
        description = "Sets what a million tokens cost from now, or from a day on.",
        mixinStandardHelpOptions = true)
final class PriceSetting implements Callable<Integer> {
    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private DataOption data = new DataOption();

    @Parameters(paramLabel = "NAME", description = "A model, or with --pool a pool.")
    private String name = "";

    @Option(names = "--pool", description = "NAME is one pool, and not a model.")
    private boolean pool;

    @Option(names = "--input", paramLabel = "PRICE", required = true, description = "Input.")
    private String input = "";

    @Option(names = "--output", paramLabel = "PRICE", required = true, description = "Output.")
    private String output = "";

    @Option(
            names = "--cached-input",
            paramLabel = "PRICE",
            description = "Input that the provider had cached (default: as input).")
    private @Nullable String cachedInput;

    @Option(
            names = "--reasoning",
            paramLabel = "PRICE",
            description = "Output that is reasoning (default: as output).")
    private @Nullable String reasoning;

    @Option(
            names = "--audio-input",
            paramLabel = "PRICE",
            description = "Input that is audio (default: as input).")
    private @Nullable String audioInput;

    @Option(
            names = "--audio-output",
            paramLabel = "PRICE",
            description = "Output that is audio (default: as output).")
    private @Nullable String audioOutput;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "2027-01-01, or 2027-01-01T00:00:00Z; in UTC (default: now).")
    private @Nullable String from;

    @Override
    public Integer call() {
        Clock clock = Clock.systemUTC();
        Entry entry = new Entry(pool ? Of.POOL : Of.MODEL, name, new Dated(from(clock), price()));
        Setting setting =
                DatabaseAccess.with(
                        data.directory(),
                        database -> new Prices(database.jdbi(), clock).set(entry));
        return switch (setting) {
            case Setting.Set() -> 0;
            case Setting.Invalid(String field, String problem) ->
                    throw new CommandFailure(field + " " + problem);
        };
    }

    private Instant from(Clock clock) {
        if (from == null) {
            return clock.instant();
        }
        try {
            return from.contains("T")
                    ? Instant.parse(from)
                    : LocalDate.parse(from).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException _) {
            throw wrong("--from", "must be a day or a time in UTC, such as 2027-01-01", from);
        }
    }

    private Price price() {
        long in = nanos("--input", input);
        long out = nanos("--output", output);
        return new Price(
                in,
                part("--cached-input", cachedInput, in),
                out,
                part("--reasoning", reasoning, out),
                part("--audio-input", audioInput, in),
                part("--audio-output", audioOutput, out));
    }

    private long part(String option, @Nullable String text, long whole) {
        return text == null ? whole : nanos(option, text);
    }

    private long nanos(String option, String text) {
        try {
            return PerMillion.nanos(text.strip());
        } catch (IllegalArgumentException e) {
            throw wrong(option, String.valueOf(e.getMessage()), text);
        }
    }

    private ParameterException wrong(String option, String problem, String text) {
        return new ParameterException(
                spec.commandLine(), option + " " + problem + "; is '" + text + "'");
    }
}
