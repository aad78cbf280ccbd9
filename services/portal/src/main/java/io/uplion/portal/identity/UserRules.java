// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.portal.limits.NameRules;
import io.uplion.portal.limits.Problem;
import java.util.Optional;

/// What a user may be called.
final class UserRules {
    private UserRules() {}

    static Optional<Problem> problem(User user) {
        if (!Inputs.isEmail(user.email())) {
            return Optional.of(new Problem("email", "is no email address"));
        }
        return NameRules.name("name", user.name())
                .or(() -> NameRules.names("groups", user.groups(), NameRules.MAX_GROUP_NAME));
    }
}
