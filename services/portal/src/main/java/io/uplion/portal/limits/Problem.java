// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.limits;

/// Why something cannot be set.
///
/// @param field as it is called where it is typed
public record Problem(String field, String reason) {

    @Override
    public String toString() {
        return field + ": " + reason;
    }
}
