// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.process;

import io.uplion.platform.management.Readiness;

/// A service as its process sees it. Closing it drains: it takes nothing new, finishes what runs,
/// and is not ready from the first moment on.
public interface Service extends Readiness, AutoCloseable {
    @Override
    void close();
}
