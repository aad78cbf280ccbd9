// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.Optional;

/// How a field is written, and what it then is.
interface Format<T> {

    /// The value; empty when it is wrong, which has then been reported to it.
    Optional<T> read(Value value);

    /// Completes "expected …".
    String expected();
}
