// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.limits;

import java.util.Optional;

/// What is to become of one value.
public sealed interface Change<T> {

    record Keep<T>() implements Change<T> {}

    record Clear<T>() implements Change<T> {}

    record To<T>(T value) implements Change<T> {}

    /// Of a value that there always is: what is cleared becomes what it is at first.
    default T applied(T before, T cleared) {
        return applied(Optional.of(before)).orElse(cleared);
    }

    /// Of a value that cannot be cleared.
    default T applied(T before) {
        return applied(before, before);
    }

    default Optional<T> applied(Optional<T> before) {
        return switch (this) {
            case Keep<T>() -> before;
            case Clear<T>() -> Optional.empty();
            case To<T>(T value) -> Optional.of(value);
        };
    }
}
