// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.billing.price.Prices;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PerMillion;
import io.uplion.catalog.price.PriceList.Entry;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `./uplion price list`.
@Command(
        name = "list",
        description = "Lists the prices that were set, in the order in which they were.",
        mixinStandardHelpOptions = true)
final class PriceListing implements Callable<Integer> {
    private static final String LINE = "%-5s  %-24s  %-24s  %10s  %10s  %10s  %10s  %10s  %10s%n";

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private DataOption data = new DataOption();

    @Override
    public Integer call() {
        List<Entry> prices =
                DatabaseAccess.with(
                        data.directory(),
                        database -> new Prices(database.jdbi(), Clock.systemUTC()).all());
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                LINE,
                "OF",
                "NAME",
                "FROM",
                "INPUT",
                "CACHED",
                "OUTPUT",
                "REASONING",
                "AUDIO IN",
                "AUDIO OUT");
        prices.forEach(entry -> print(entry, out));
        return 0;
    }

    private static void print(Entry entry, PrintWriter out) {
        Price price = entry.dated().price();
        List<String> amounts =
                Stream.of(
                                price.inputNanos(),
                                price.cachedInputNanos(),
                                price.outputNanos(),
                                price.reasoningNanos(),
                                price.audioInputNanos(),
                                price.audioOutputNanos())
                        .map(PerMillion::text)
                        .toList();
        out.printf(
                LINE,
                entry.of().name().toLowerCase(Locale.ROOT),
                entry.name(),
                entry.dated().from(),
                amounts.get(0),
                amounts.get(1),
                amounts.get(2),
                amounts.get(3),
                amounts.get(4),
                amounts.get(5));
    }
}
