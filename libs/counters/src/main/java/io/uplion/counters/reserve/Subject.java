// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.Optional;
import java.util.OptionalLong;

/// Somebody who has limits: a key, a user, an account.
///
/// @param name for whom, within the account: `key:…`, `user:…`, `account`
/// @param tokensPerMinute in the long run, and at once after a rest
/// @param tasksAtOnce from their admission to their end
/// @param budget what may be spent
public record Subject(
        String name,
        OptionalLong tokensPerMinute,
        OptionalLong tasksAtOnce,
        Optional<Budget> budget) {
    /// More tokens than this cannot be counted exactly.
    public static final long MOST_TOKENS = 100_000_000_000L;

    public static final long MOST_TASKS = 1_000_000_000L;

    public Subject {
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a subject's name must be a line of text");
        }
        check(tokensPerMinute, MOST_TOKENS, "tokens a minute");
        check(tasksAtOnce, MOST_TASKS, "tasks at once");
    }

    private static void check(OptionalLong limit, long most, String what) {
        if (limit.isPresent() && (limit.getAsLong() < 1 || limit.getAsLong() > most)) {
            throw new IllegalArgumentException("a limit of " + limit.getAsLong() + " " + what);
        }
    }

    /// Somebody who has no limit yet.
    public static Subject of(String name) {
        return new Subject(name, OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
    }

    public Subject withTokensPerMinute(long limit) {
        return new Subject(name, OptionalLong.of(limit), tasksAtOnce, budget);
    }

    public Subject withTasksAtOnce(long limit) {
        return new Subject(name, tokensPerMinute, OptionalLong.of(limit), budget);
    }

    public Subject withBudget(String period, long nanos) {
        Optional<Budget> limit = Optional.of(new Budget(period, nanos));
        return new Subject(name, tokensPerMinute, tasksAtOnce, limit);
    }
}
