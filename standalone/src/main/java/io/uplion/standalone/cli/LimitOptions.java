// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.platform.identity.Limits;
import io.uplion.portal.limits.BudgetText;
import io.uplion.portal.limits.Change;
import io.uplion.portal.limits.LimitsChange;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Limits as they are typed; `none` takes one away.
final class LimitOptions {
    private static final String NONE = "none";

    @Option(names = "--rpm", paramLabel = "N", description = "Requests a minute, or none.")
    private @Nullable String rpm;

    @Option(names = "--tpm", paramLabel = "N", description = "Tokens a minute, or none.")
    private @Nullable String tpm;

    @Option(names = "--concurrent", paramLabel = "N", description = "Tasks at once, or none.")
    private @Nullable String concurrent;

    @Option(
            names = "--budget",
            paramLabel = "AMOUNT/PERIOD",
            description = "For example 12.50/month; or /day, /total; or none.")
    private @Nullable String budget;

    private boolean isEmpty() {
        return rpm == null && tpm == null && concurrent == null && budget == null;
    }

    /// @throws ParameterException for what is no number, no amount or has a unit it should not have
    LimitsChange change(CommandSpec spec) {
        Reading reading = new Reading(spec);
        return new LimitsChange(
                reading.change("--rpm", rpm, LimitOptions::number),
                reading.change("--tpm", tpm, LimitOptions::number),
                reading.change("--concurrent", concurrent, LimitOptions::smallNumber),
                reading.change("--budget", budget, BudgetText::parse));
    }

    /// @throws ParameterException also where no limit is named
    LimitsChange someChange(CommandSpec spec) {
        if (isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "name at least one of --rpm, --tpm, --concurrent, --budget");
        }
        return change(spec);
    }

    Limits limits(CommandSpec spec) {
        return change(spec).applied(Limits.NONE);
    }

    private record Reading(CommandSpec spec) {
        <T> Change<T> change(String option, @Nullable String text, Function<String, T> parse) {
            if (text == null) {
                return new Change.Keep<>();
            }
            if (text.equals(NONE)) {
                return new Change.Clear<>();
            }
            try {
                return new Change.To<>(parse.apply(text.strip()));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), option + " " + e.getMessage() + "; is '" + text + "'");
            }
        }
    }

    private static Long number(String text) {
        if (!text.matches("-?\\d{1,18}")) {
            throw new IllegalArgumentException("must be a whole number without a unit, or none");
        }
        return Long.parseLong(text);
    }

    /// What does not fit is far above every bound, and refused as that.
    private static Integer smallNumber(String text) {
        return Math.clamp(number(text), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    static String text(Limits limits) {
        StringBuilder text = new StringBuilder();
        limits.rpm().ifPresent(rpm -> text.append(" rpm=").append(rpm));
        limits.tpm().ifPresent(tpm -> text.append(" tpm=").append(tpm));
        limits.concurrent().ifPresent(tasks -> text.append(" concurrent=").append(tasks));
        limits.budget().ifPresent(money -> text.append(" budget=").append(BudgetText.of(money)));
        return text.isEmpty() ? "-" : text.substring(1);
    }
}
