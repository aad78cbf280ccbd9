// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.counting;

import io.uplion.counters.reserve.Book;
import io.uplion.counters.reserve.Books;
import io.uplion.counters.reserve.Budgets;
import io.uplion.counters.reserve.Counter;
import io.uplion.counters.reserve.Expired;
import io.uplion.counters.reserve.Holders;
import io.uplion.counters.reserve.Incarnation;
import io.uplion.counters.reserve.Noted;
import io.uplion.counters.reserve.Overdue;
import io.uplion.counters.reserve.Spent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// Asks the counters and waits for what they answer, for a thread that has nothing better to do.
/// Throws [AwayException] where they are away.
final class Answers {
    private final Budgets budgets;

    Answers(Budgets budgets) {
        this.budgets = budgets;
    }

    /// The counters cannot be asked.
    static final class AwayException extends RuntimeException {
        private static final long serialVersionUID = 1;

        AwayException(String why) {
            super(why);
        }
    }

    String incarnation(String offered) {
        return switch (waited(budgets.incarnation(offered))) {
            case Incarnation.Known(String word) -> word;
            case Incarnation.Unknown(String why) -> throw new AwayException(why);
        };
    }

    Set<UUID> holders() {
        return switch (waited(budgets.holders())) {
            case Holders.Found(Set<UUID> accounts) -> accounts;
            case Holders.Unknown(String why) -> throw new AwayException(why);
        };
    }

    Map<UUID, Map<Counter, Book>> books(Collection<UUID> accounts) {
        Map<UUID, Map<Counter, Book>> all = new HashMap<>();
        asked(accounts, budgets::books)
                .forEach(
                        (account, books) -> {
                            switch (books) {
                                case Books.Found(Map<Counter, Book> found) ->
                                        all.put(account, found);
                                case Books.Unknown(String why) -> throw new AwayException(why);
                            }
                        });
        return all;
    }

    Map<UUID, List<UUID>> overdue(Collection<UUID> accounts) {
        Map<UUID, List<UUID>> all = new HashMap<>();
        asked(accounts, budgets::overdue)
                .forEach(
                        (account, overdue) -> {
                            switch (overdue) {
                                case Overdue.Found(List<Expired> tasks) ->
                                        all.put(
                                                account,
                                                tasks.stream().map(Expired::task).toList());
                                case Overdue.Unknown(String why) -> throw new AwayException(why);
                            }
                        });
        return all;
    }

    void open(UUID account, Map<Counter, Spent> spent) {
        List<CompletionStage<Noted>> notes = new ArrayList<>();
        spent.forEach((counter, amount) -> notes.add(budgets.open(account, counter, amount)));
        notes.forEach(Answers::done);
    }

    void billed(UUID account, Map<Counter, Spent> spent) {
        done(budgets.billed(account, spent, List.of()));
    }

    void forget(UUID account, Counter counter) {
        done(budgets.forget(account, counter));
    }

    void release(UUID account, List<UUID> tasks) {
        done(budgets.release(account, tasks));
    }

    private static void done(CompletionStage<Noted> noted) {
        switch (waited(noted)) {
            case Noted.Done() -> {}
            case Noted.Unknown(String why) -> throw new AwayException(why);
        }
    }

    /// All at once, then waits.
    private static <T> Map<UUID, T> asked(
            Collection<UUID> accounts, Function<UUID, CompletionStage<T>> question) {
        Map<UUID, CompletionStage<T>> asked = new HashMap<>();
        accounts.forEach(account -> asked.put(account, question.apply(account)));
        Map<UUID, T> answers = new HashMap<>();
        asked.forEach((account, answer) -> answers.put(account, waited(answer)));
        return answers;
    }

    private static <T> T waited(CompletionStage<T> answer) {
        return answer.toCompletableFuture().join();
    }
}
