// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.uplion.gateway.GatewayConfig.Address;
import java.net.BindException;

/// The platform cannot start, in one line for the person at the terminal.
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }

    /// What the operator can put right is said in words; anything else is a fault of ours and keeps
    /// its trace.
    static RuntimeException of(RuntimeException failure, Address address) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new StartException(
                        "port "
                                + address.port()
                                + " on "
                                + address.host()
                                + " is taken; choose another one with --port");
            }
        }
        return failure;
    }
}
