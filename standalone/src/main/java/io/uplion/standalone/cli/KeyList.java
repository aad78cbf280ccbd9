// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.portal.keys.KeyMetadata;
import io.uplion.portal.keys.Keys;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./uplion key list`.
@Command(
        name = "list",
        description = "Lists API keys, newest first: all but the keys themselves.",
        mixinStandardHelpOptions = true)
final class KeyList implements Callable<Integer> {
    private static final String LINE = "%-36s  %-13s  %-8s  %-10s  %-20s  %-20s  %s  %s%n";

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private DataOption data = new DataOption();

    @Option(names = "--email", description = "Of this user only.")
    private @Nullable String email;

    @Override
    public Integer call() {
        Clock clock = Clock.systemUTC();
        List<KeyMetadata> keys =
                DatabaseAccess.with(data.directory(), database -> list(new Keys(database, clock)));
        PrintWriter out = spec.commandLine().getOut();
        out.printf(LINE, "ID", "KEY", "STATE", "SCOPE", "EXPIRES", "LAST USED", "NAME", "LIMITS");
        keys.forEach(key -> print(key, clock.instant(), out));
        return 0;
    }

    private List<KeyMetadata> list(Keys keys) {
        return email == null ? keys.list() : keys.listOf(email);
    }

    private static void print(KeyMetadata key, Instant now, PrintWriter out) {
        out.printf(
                LINE,
                key.id(),
                key.prefix() + "…" + key.last4(),
                word(key.state(now)),
                word(key.terms().scope()),
                time(key.worksUntil().or(key::expiresAt)),
                time(key.lastUsedAt()),
                key.name(),
                LimitOptions.text(key.terms().limits()));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String time(Optional<Instant> time) {
        return time.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-");
    }
}
