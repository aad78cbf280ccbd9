// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.keys;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.store.key.IpRange;
import java.util.List;
import java.util.Set;

/// What a key may be used for.
///
/// @param models it is limited to; empty: every model its owner's groups allow
/// @param groups of its owner's, which it is limited to; empty: all of them
/// @param ranges where it may be used from; empty: everywhere
public record KeyTerms(
        Scope scope, Set<String> models, Set<String> groups, List<IpRange> ranges, Limits limits) {

    public KeyTerms {
        models = Set.copyOf(models);
        groups = Set.copyOf(groups);
        ranges = List.copyOf(ranges);
    }

    /// Inference with these models, and no limit.
    public static KeyTerms forModels(Set<String> models) {
        return new KeyTerms(Scope.INFERENCE, models, Set.of(), List.of(), Limits.NONE);
    }

    KeyTerms withLimits(Limits other) {
        return new KeyTerms(scope, models, groups, ranges, other);
    }
}
