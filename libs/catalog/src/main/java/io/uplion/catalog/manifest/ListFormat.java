// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A list without repetitions.
///
/// @param min fewest items
record ListFormat<T>(Format<T> item, int min) implements Format<List<T>> {

    @Override
    public Optional<List<T>> read(Value value) {
        if (!(value.node() instanceof SequenceNode sequence)) {
            value.refuse("found " + value.kind() + "; expected " + expected());
            return Optional.empty();
        }
        if (sequence.getValue().size() < min) {
            value.refuse("found an empty list; expected " + expected());
            return Optional.empty();
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < sequence.getValue().size(); i++) {
            Value itemValue = itemOf(value, sequence.getValue().get(i), i);
            item.read(itemValue).ifPresent(read -> add(read, items, itemValue));
        }
        return Optional.of(items);
    }

    /// Items have no key; their line is the one they start in, but where the list is an alias its
    /// own.
    private static Value itemOf(Value list, Node node, int index) {
        Problems problems = list.problems();
        int line = Math.max(list.line(), problems.lineOf(node));
        return new Value(node, list.path() + "[" + index + "]", line, problems);
    }

    private static <T> void add(T item, List<T> items, Value value) {
        if (items.contains(item)) {
            value.refuse("listed twice");
        }
        items.add(item);
    }

    @Override
    public String expected() {
        return "a list, each item " + item.expected();
    }
}
