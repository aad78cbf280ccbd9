// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.task.UsageRecord;
import io.uplion.testing.load.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is known after a run. What is not given is not checked.
///
/// @param observations of requests that have all ended
/// @param usage in the order in which the records became durable
public record Evidence(
        List<Observation> observations,
        Optional<List<UsageRecord>> usage,
        Optional<Books> books,
        List<ProviderRecord> providers,
        List<Gauges> gauges) {

    public Evidence {
        observations = List.copyOf(observations);
        usage = usage.map(List::copyOf);
        providers = List.copyOf(providers);
        gauges = List.copyOf(gauges);
    }

    public static Evidence of(List<Observation> observations) {
        return new Evidence(observations, Optional.empty(), Optional.empty(), List.of(), List.of());
    }

    public Evidence usage(List<UsageRecord> records) {
        return new Evidence(observations, Optional.of(records), books, providers, gauges);
    }

    public Evidence books(Books say) {
        return new Evidence(observations, usage, Optional.of(say), providers, gauges);
    }

    /// One of perhaps several; all of them or none.
    public Evidence provider(ProviderRecord record) {
        List<ProviderRecord> all = new ArrayList<>(providers);
        all.add(record);
        return new Evidence(observations, usage, books, all, gauges);
    }

    public Evidence gauges(Gauges process) {
        List<Gauges> all = new ArrayList<>(gauges);
        all.add(process);
        return new Evidence(observations, usage, books, providers, all);
    }
}
