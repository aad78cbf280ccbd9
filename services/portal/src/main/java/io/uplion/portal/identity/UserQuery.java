// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.identity.Principal.Role;
import java.util.Optional;

/// Which users are meant; what is empty leaves nobody out.
///
/// @param text a part of email or name, in any case
public record UserQuery(
        Optional<String> text,
        Optional<Role> role,
        Optional<String> group,
        Optional<Boolean> disabled) {}
