// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import io.uplion.platform.identity.Subject;

/// What this process knows of the floors. Never blocks.
public interface KnownFloors {
    /// Where there are none: what is asked comes from a primary.
    KnownFloors NONE =
            new KnownFloors() {
                @Override
                public long floor(Subject subject) {
                    return 0;
                }

                @Override
                public boolean hasEnded(Subject subject) {
                    return false;
                }

                @Override
                public boolean isVouched() {
                    return false;
                }
            };

    /// The lowest version of the subject that may be believed; 0 where any may.
    long floor(Subject subject);

    /// Whether it was revoked or switched off lately, as of the last reading.
    boolean hasEnded(Subject subject);

    /// Whether every change is known here but for those of the last seconds.
    boolean isVouched();
}
