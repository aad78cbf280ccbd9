// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.Arrays;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A node of the document, with the name and the line that problems with it carry.
///
/// @param path for example `spec.remote.baseUrl`; empty for the document itself
/// @param line where its key stands, which is where an author looks, also when the value is an
///   alias
record Value(Node node, String path, int line, Problems problems) {

    static Value document(Node node, Problems problems) {
        return new Value(node, "", problems.lineOf(node), problems);
    }

    void refuse(String message) {
        problems.add(line, path, message);
    }

    /// A scalar's text, if it is of one of these tags.
    Optional<String> scalar(String expected, Tag... tags) {
        if (node instanceof ScalarNode scalar && Arrays.asList(tags).contains(scalar.getTag())) {
            return Optional.of(scalar.getValue());
        }
        refuse("found " + kind() + "; expected " + expected);
        return Optional.empty();
    }

    /// A string's text. YAML takes `123` and `true` for something else, and so does Kubernetes.
    Optional<String> text(String expected) {
        boolean bare = node instanceof ScalarNode && !node.getTag().equals(Tag.NULL);
        return scalar(bare ? expected + ", in quotes" : expected, Tag.STR);
    }

    /// What stands here, without the value: it may be a secret in the wrong place.
    String kind() {
        return switch (node) {
            case MappingNode _ -> "a mapping";
            case SequenceNode _ -> "a list";
            default -> scalarKind(node.getTag());
        };
    }

    private static String scalarKind(Tag tag) {
        if (tag.equals(Tag.NULL)) {
            return "nothing";
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return "a number";
        }
        if (tag.equals(Tag.BOOL)) {
            return "a boolean";
        }
        return tag.equals(Tag.STR) ? "text" : "a value with a tag of its own";
    }

    String childPath(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
