// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import java.util.Optional;

/// Knows who asks.
@FunctionalInterface
public interface Doorkeeper {
    /// May block.
    ///
    /// @return nothing where nobody may ask with that, or not from there
    Optional<Caller> caller(Credentials credentials, Client client);
}
