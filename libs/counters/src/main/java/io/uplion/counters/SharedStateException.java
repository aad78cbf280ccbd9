// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters;

import org.jspecify.annotations.Nullable;

/// The store could not be asked. Whoever asks goes on with what was known last.
public final class SharedStateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SharedStateException(String message) {
        this(message, null);
    }

    public SharedStateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
