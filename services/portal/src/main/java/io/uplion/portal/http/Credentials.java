// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.secret.Secret;

/// What a client has to show for itself.
public sealed interface Credentials {

    record None() implements Credentials {}

    /// @param token of a browser's session
    record Session(Secret token) implements Credentials {}

    /// @param text of what may be an API key
    record Key(Secret text) implements Credentials {}
}
