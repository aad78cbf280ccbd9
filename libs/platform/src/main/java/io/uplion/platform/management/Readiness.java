// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.management;

/// Whether requests should be sent here now.
@FunctionalInterface
public interface Readiness {
    boolean isReady();
}
