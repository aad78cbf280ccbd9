// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.paging;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A part of a list, and where the next begins.
///
/// @param next nothing on the last page
public record Page<T>(List<T> items, Optional<Position> next) {
    public Page {
        items = List.copyOf(items);
    }

    /// @param found one more than fit, if there are more
    public static <T> Page<T> of(List<T> found, int limit, Function<T, Position> position) {
        if (found.size() <= limit) {
            return new Page<>(found, Optional.empty());
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(items, Optional.of(position.apply(items.getLast())));
    }
}
