// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Limits;
import io.uplion.portal.limits.Problem;

/// What became of the wish to limit a user or an account, or to switch one on or off.
public sealed interface OwnerChange {

    record Changed(Limits limits, boolean disabled) implements OwnerChange {}

    record NoSuchOwner() implements OwnerChange {}

    record Invalid(Problem problem) implements OwnerChange {}
}
