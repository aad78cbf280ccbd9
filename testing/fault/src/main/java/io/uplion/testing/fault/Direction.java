// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

/// Which way bytes go through a [FaultProxy].
public enum Direction {
    TO_TARGET,
    TO_CLIENT;

    Direction reverse() {
        return this == TO_TARGET ? TO_CLIENT : TO_TARGET;
    }
}
