// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.rate.Standing;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What became of an ask.
public sealed interface Reserved {

    /// All subjects hold it; it must be renewed, and settled in the end.
    ///
    /// @param tokens how all stand that have a limit of tokens, in their order
    record Held(List<Standing> tokens) implements Reserved {
        public Held {
            tokens = List.copyOf(tokens);
        }

        /// The limit that will be met first; nothing where there is no limit.
        public Optional<Standing> tightest() {
            return tokens.stream().min(Comparator.comparingLong(Standing::remaining));
        }
    }

    /// No subject holds anything. Of all limits that were met this takes longest.
    ///
    /// @param most the limit: tokens a minute, tasks at once, or billionths
    /// @param retryAfter for tokens a time that holds if nobody asks meanwhile; where a task must
    ///   end first a guess, because nobody knows when; nothing where the budget is spent: then not
    ///   before its period ends, or somebody raises it
    /// @param tokens how that subject stands, where it has a limit of tokens
    record Refused(
            String subject,
            Limit limit,
            long most,
            Optional<Duration> retryAfter,
            Optional<Standing> tokens)
            implements Reserved {}

    /// Nobody has told the store what these have spent: it may have lost it. Billing must open
    /// them; until then nobody knows.
    record Unopened(List<Counter> counters) implements Reserved {
        public Unopened {
            counters = List.copyOf(counters);
        }
    }

    /// No time will do: it is more than the whole limit.
    record TooLarge(String subject, Limit limit, long most) implements Reserved {

        /// What no store needs to be asked for.
        static Optional<TooLarge> of(Ask ask) {
            for (Subject subject : ask.subjects()) {
                long most = subject.tokensPerMinute().orElse(Long.MAX_VALUE);
                if (ask.tokens() > most) {
                    return Optional.of(new TooLarge(subject.name(), Limit.TOKENS, most));
                }
                long money = subject.budget().map(Budget::nanos).orElse(Long.MAX_VALUE);
                if (ask.nanos() > money) {
                    return Optional.of(new TooLarge(subject.name(), Limit.BUDGET, money));
                }
            }
            return Optional.empty();
        }
    }

    /// The task is over, as its store knows. It holds nothing.
    record Over() implements Reserved {}

    /// The store is away. It may be held or not; what is held frees itself.
    record Unknown(String why) implements Reserved {}
}
