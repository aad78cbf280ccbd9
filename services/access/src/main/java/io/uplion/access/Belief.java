// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.counters.floors.KnownFloors;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Subject;
import io.uplion.store.key.StoredKey;
import io.uplion.store.key.StoredKeys.AsOf;
import java.time.Duration;
import java.time.Instant;

/// What may be believed of what was read, now. Why this is so: docs/decisions/0013.
final class Belief {
    /// While every change is known by its floor, what was read needs only to be younger than the
    /// floors live.
    static final Duration WITH_FLOORS = Duration.ofHours(1);

    /// Without them, what was read is all there is.
    static final Duration WITHOUT_FLOORS = Duration.ofSeconds(4);

    private final KnownFloors floors;

    Belief(KnownFloors floors) {
        this.floors = floors;
    }

    boolean believes(StoredKey key, AsOf asOf, Instant now) {
        return isRecent(asOf, now) && isAboveFloors(key);
    }

    /// A primary has just said so, and knows what there is.
    boolean isRecent(AsOf asOf, Instant now) {
        Duration most = floors.isVouched() ? WITH_FLOORS : WITHOUT_FLOORS;
        return !asOf.replica() || !asOf.time().isBefore(now.minus(most));
    }

    private boolean isAboveFloors(StoredKey key) {
        Principal principal = key.principal();
        StoredKey.Versions versions = key.versions();
        return versions.account() >= floors.floor(Subject.account(principal.account()))
                && versions.user() >= floors.floor(Subject.user(principal.user()))
                && principal.shown().stream()
                        .allMatch(shown -> versions.key() >= floors.floor(shown));
    }

    /// Whether a cache that lives as long as the floors may be asked.
    boolean mayUseSharedCache() {
        return floors.isVouched();
    }
}
