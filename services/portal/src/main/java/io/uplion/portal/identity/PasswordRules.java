// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import com.nulabinc.zxcvbn.Zxcvbn;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.limits.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a password must be that somebody chooses. Length decides (NIST SP 800-63B §3.1.1), kinds of
/// characters do not; what is known or follows from what is known is refused.
final class PasswordRules {
    static final int LEAST = 12;

    /// What somebody tries within hours who has the lists: they are the estimator's.
    private static final double LEAST_GUESSES = 1e8;

    /// More is not looked at: an estimate takes longer the longer the text is.
    private static final int LOOKED_AT = 64;

    private static final Zxcvbn ESTIMATOR = new Zxcvbn();

    private PasswordRules() {}

    static Optional<Problem> problem(Secret chosen, User user) {
        String text = chosen.reveal();
        int length = text.codePointCount(0, text.length());
        if (length < LEAST) {
            return problem("must have at least " + LEAST + " characters");
        }
        if (length > Passwords.MAX_LENGTH) {
            return problem("must have at most " + Passwords.MAX_LENGTH + " characters");
        }
        if (own(user).anyMatch(text.strip()::equalsIgnoreCase)) {
            return problem("must not be your email or your name");
        }
        String shown = text.substring(0, Math.min(text.length(), LOOKED_AT));
        List<String> known = own(user).map(own -> own.toLowerCase(Locale.ROOT)).toList();
        return ESTIMATOR.measure(shown, known).getGuesses() < LEAST_GUESSES
                ? problem("is easily guessed: it is known, or much like one that is")
                : Optional.empty();
    }

    private static Stream<String> own(User user) {
        String email = user.email();
        return Stream.of(email, email.substring(0, Math.max(0, email.indexOf('@'))), user.name());
    }

    private static Optional<Problem> problem(String reason) {
        return Optional.of(new Problem("password", reason));
    }
}
