// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.secret.Secret;
import java.util.Optional;

/// Knows who has signed in.
@FunctionalInterface
public interface Doorkeeper {
    /// May block.
    ///
    /// @param token of a session, as the client sent it
    Optional<Caller> caller(Secret token);
}
