// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import java.util.Collection;

/// A gateway among all that live, in an order that they agree on.
///
/// @param place its number, from 0
/// @param gateways how many there are, this one among them
public record Turn(int place, int gateways) {
    static final Turn ALONE = new Turn(0, 1);

    /// @param others names
    static Turn of(String gateway, Collection<String> others) {
        long before = others.stream().filter(other -> other.compareTo(gateway) < 0).count();
        return new Turn((int) before, others.size() + 1);
    }
}
