// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// A model name that does not follow the mini language.
final class BadScript extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    BadScript(String message) {
        super(message);
    }
}
