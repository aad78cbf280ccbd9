// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

/// What one operation of the document does.
@FunctionalInterface
public interface Operation {
    /// May block: it has a virtual thread.
    Reply run(Call call);
}
