// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import org.jspecify.annotations.Nullable;

/// A child process or a server cannot be had, in words for the person at the terminal.
public final class ProcessException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ProcessException(String message) {
        super(message);
    }

    public ProcessException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
