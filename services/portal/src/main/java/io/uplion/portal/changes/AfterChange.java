// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.changes;

/// Called when a change has been committed, so that nodes hear of it at once. Whoever does not call
/// loses nothing: what is committed is told within a second anyway.
@FunctionalInterface
public interface AfterChange {
    AfterChange NOTHING = () -> {};

    /// Never throws; may block for a second.
    void committed();
}
