// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

/// Something that must hold.
interface Invariant {
    void check(Evidence evidence, Rules rules, Findings findings);
}
