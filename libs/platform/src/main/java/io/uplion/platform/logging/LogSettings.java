// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.logging;

import io.uplion.platform.settings.Settings;
import java.util.List;
import java.util.Locale;

/// The settings of the logs. [LogConfigurator] needs them before anything else is read, and takes
/// the default for a wrong one; whoever starts a process reports it.
public final class LogSettings {
    /// @param fallback the one that holds where none is named
    record Choice(List<String> words, String fallback) {
        /// The word that a variable names; the fallback where it names none.
        String of(String text) {
            String word = text.strip().toLowerCase(Locale.ROOT);
            return words.contains(word) ? word : fallback;
        }
    }

    static final Choice LEVEL = new Choice(List.of("debug", "info", "warn", "error"), "info");
    static final Choice FORMAT = new Choice(List.of("text", "json"), "text");

    private LogSettings() {}

    /// Reads them as every other setting is read, so that [Settings#check] knows of wrong ones.
    public static void check(Settings settings) {
        check(settings, "UPLION_LOG_LEVEL", LEVEL);
        check(settings, "UPLION_LOG_FORMAT", FORMAT);
    }

    private static void check(Settings settings, String name, Choice choice) {
        settings.parsed(
                name,
                choice.fallback(),
                text -> {
                    if (!choice.words().contains(text.toLowerCase(Locale.ROOT))) {
                        throw new IllegalArgumentException(
                                "must be one of " + String.join(", ", choice.words()));
                    }
                    return text;
                });
    }
}
