// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// How a request ended, as the provider saw it.
public enum Ending {
    /// The whole answer was written.
    COMPLETED,
    /// The client closed its connection, or reset its stream, before the answer was whole.
    CLIENT_GONE,
    /// The script asked for a failure, and the client got it.
    FAILED_ON_PURPOSE
}
