// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// The fields of one mapping of the document. Opening it reports unknown and repeated keys; reading
/// a field reports what is wrong with its value.
final class Fields {
    private static final String MERGE = "<<";

    private final Value owner;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final boolean readable;

    private Fields(Value owner, boolean readable) {
        this.owner = owner;
        this.readable = readable;
    }

    /// No fields at all, and nothing more reported, where the value is no mapping.
    static Fields of(Value value, KnownFields known) {
        if (!(value.node() instanceof MappingNode mapping) || !mapping.getTag().equals(Tag.MAP)) {
            value.refuse("found " + value.kind() + "; expected a mapping");
            return new Fields(value, false);
        }
        Fields fields = new Fields(value, true);
        for (NodeTuple tuple : mapping.getValue()) {
            fields.add(tuple, known);
        }
        return fields;
    }

    private void add(NodeTuple tuple, KnownFields known) {
        Node keyNode = tuple.getKeyNode();
        int line = owner.problems().lineOf(keyNode);
        if (!(keyNode instanceof ScalarNode scalar)) {
            owner.problems().add(line, owner.path(), "found a key that is no text");
            return;
        }
        String key = scalar.getValue();
        boolean isKnown = known.names().contains(key);
        String path = owner.childPath(isKnown ? key : known.shown(key));
        Value value = new Value(tuple.getValueNode(), path, line, owner.problems());
        if (key.equals(MERGE)) {
            value.refuse("merge keys (<<) are not supported; write the fields out");
        } else if (values.containsKey(key)) {
            value.refuse("given twice; first in line " + values.get(key).line());
        } else {
            values.put(key, value);
            if (!isKnown) {
                value.refuse(known.refusal(key));
            }
        }
    }

    Optional<Value> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /// The field's value; empty where it is absent or wrong.
    <T> Optional<T> optional(String name, Format<T> format) {
        return find(name).flatMap(format::read);
    }

    <T> T get(String name, Format<T> format, T fallback) {
        return optional(name, format).orElse(fallback);
    }

    <T> Optional<T> required(String name, Format<T> format) {
        Optional<Value> value = find(name);
        if (value.isEmpty()) {
            missing(name, format.expected());
        }
        return value.flatMap(format::read);
    }

    /// Reports a field that should be there; not where the mapping itself could not be read.
    void missing(String name, String expected) {
        if (readable) {
            owner.problems()
                    .add(owner.line(), owner.childPath(name), "missing; expected " + expected);
        }
    }

    /// The fields of a mapping inside this one; none where it is absent.
    Fields nested(String name, KnownFields known) {
        return find(name).map(value -> of(value, known)).orElseGet(() -> new Fields(owner, false));
    }

    boolean isReadable() {
        return readable;
    }
}
