// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.portal.limits.Change;
import io.uplion.portal.limits.LimitsChange;
import io.uplion.store.key.IpRange;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// What is to become of a key. Its secret, its owner, its account and its scope stay.
///
/// @param ranges where it may be used from
/// @param enabled running tasks of one that is switched off are stopped
public record KeyEdit(
        Change<String> name,
        Change<Set<String>> models,
        Change<Set<String>> groups,
        Change<List<IpRange>> ranges,
        Change<Instant> expiresAt,
        Change<Boolean> enabled,
        LimitsChange limits) {
    private static final KeyEdit NOTHING =
            new KeyEdit(
                    new Change.Keep<>(),
                    new Change.Keep<>(),
                    new Change.Keep<>(),
                    new Change.Keep<>(),
                    new Change.Keep<>(),
                    new Change.Keep<>(),
                    LimitsChange.NOTHING);

    public static KeyEdit limits(LimitsChange limits) {
        return new KeyEdit(
                NOTHING.name,
                NOTHING.models,
                NOTHING.groups,
                NOTHING.ranges,
                NOTHING.expiresAt,
                NOTHING.enabled,
                limits);
    }

    public static KeyEdit enabled(boolean enabled) {
        return new KeyEdit(
                NOTHING.name,
                NOTHING.models,
                NOTHING.groups,
                NOTHING.ranges,
                NOTHING.expiresAt,
                new Change.To<>(enabled),
                NOTHING.limits);
    }

    KeyMetadata applied(KeyMetadata before) {
        KeyTerms terms = before.terms();
        return before.with(
                name.applied(before.name()).strip(),
                new KeyTerms(
                        terms.scope(),
                        models.applied(terms.models(), Set.of()),
                        groups.applied(terms.groups(), Set.of()),
                        ranges.applied(terms.ranges(), List.of()),
                        limits.applied(terms.limits())),
                enabled.applied(before.enabled()),
                expiresAt.applied(before.expiresAt()));
    }
}
