// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Task;
import io.uplion.testing.invariant.LedgerRow;
import io.uplion.testing.invariant.ProviderCall;
import io.uplion.testing.load.Frame;
import io.uplion.testing.load.Observation;
import io.uplion.testing.provider.Ending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the ledger charges beside what the provider served, request by request and at rest: the two
/// ends of a bill, whatever clients, usage queue and billing say in between. That those agree among
/// each other is for the invariant checker.
///
/// The provider's tokens must count for one each also where they are estimated: `t0` to `t99`, with
/// no mark.
final class ServedAndBilled {
    private final Price price;
    private final Map<String, List<ProviderCall>> calls;
    private final Map<String, Observation> clients = new HashMap<>();
    private final List<Observation> nameless = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    /// @param calls all that the provider had, ended
    ServedAndBilled(Price price, List<Observation> requests, List<ProviderCall> calls) {
        this.price = price;
        this.calls = calls.stream().collect(Collectors.groupingBy(ProviderCall::marker));
        for (Observation one : requests) {
            if (one.heard().requestId().isEmpty()) {
                nameless.add(one);
            } else {
                clients.put(one.heard().requestId(), one);
            }
        }
    }

    /// What does not fit, in words.
    List<String> differences(List<LedgerRow> ledger) {
        List<LedgerRow> strangers = new ArrayList<>();
        for (LedgerRow row : ledger) {
            Observation client = clients.get(Task.requestId(row.task()));
            if (client == null) {
                strangers.add(row);
            } else {
                why(row, client)
                        .ifPresent(words -> wrong.add(words + ": " + row + " of " + client));
            }
        }
        strangers.forEach(this::ofNameless);
        return wrong;
    }

    /// Whose answer's head never came, he cannot tell which row is his. It must be somebody's, and
    /// nobody's twice.
    private void ofNameless(LedgerRow row) {
        Optional<Observation> owner =
                nameless.stream().filter(one -> why(row, one).isEmpty()).findFirst();
        owner.ifPresentOrElse(
                nameless::remove, () -> wrong.add("no request was served so: " + row));
    }

    private Optional<String> why(LedgerRow row, Observation client) {
        List<ProviderCall> own = calls.getOrDefault(client.sent().marker(), List.of());
        if (own.isEmpty()) {
            return Optional.of("no provider has begun it");
        }
        boolean fits =
                switch (row.outcome()) {
                    case COMPLETED -> isServed(row, client, own);
                    case CANCELLED -> isBetweenSeenAndMade(row, client, own);
                    case BROKEN -> row.nanos() == 0 && row.absorbed() == 0;
                };
        return fits ? Optional.empty() : Optional.of("the provider's calls were " + own);
    }

    private boolean isServed(LedgerRow row, Observation client, List<ProviderCall> own) {
        long input = client.sent().promptWords();
        return row.absorbed() == 0
                && own.stream()
                        .flatMap(call -> call.outcome().stream())
                        .filter(outcome -> outcome.ending() == Ending.COMPLETED)
                        .map(outcome -> TokenUsage.of(input, outcome.tokens()))
                        .anyMatch(
                                used ->
                                        row.tokens().equals(used)
                                                && row.nanos() == price.cost(used));
    }

    /// The prompt of an answer that was left is estimated; only its output can be compared.
    private boolean isBetweenSeenAndMade(
            LedgerRow row, Observation client, List<ProviderCall> own) {
        long seen =
                client.heard().frames().stream()
                        .filter(frame -> frame.kind() == Frame.Kind.TOKEN)
                        .count();
        long made =
                own.stream()
                        .flatMap(call -> call.outcome().stream())
                        .mapToLong(ProviderCall.Outcome::tokens)
                        .max()
                        .orElse(0);
        long billed = row.tokens().output();
        return seen <= billed
                && billed <= made
                && row.nanos() == price.cost(row.tokens())
                && row.absorbed() == 0;
    }
}
