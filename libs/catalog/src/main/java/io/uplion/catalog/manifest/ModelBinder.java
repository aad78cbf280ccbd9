// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.AIModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads one document as an AIModel.
final class ModelBinder {
    private static final KnownFields DOCUMENT =
            KnownFields.of("apiVersion", "kind", "metadata", "spec", "status");

    /// All but the name is Kubernetes' own bookkeeping. It is accepted, and not looked at, because
    /// people paste what kubectl prints.
    private static final KnownFields METADATA =
            KnownFields.of(
                    "name",
                    "namespace",
                    "labels",
                    "annotations",
                    "creationTimestamp",
                    "deletionGracePeriodSeconds",
                    "deletionTimestamp",
                    "finalizers",
                    "generateName",
                    "generation",
                    "managedFields",
                    "ownerReferences",
                    "resourceVersion",
                    "selfLink",
                    "uid");

    private static final Choice<String> API_VERSION = only(AIModel.API_VERSION);
    private static final Choice<String> KIND = only(AIModel.KIND);

    private ModelBinder() {}

    /// @param nameLine where its name stands
    record Bound(AIModel model, int nameLine) {}

    /// The model; empty when anything is wrong with it, which has then been reported.
    static Optional<Bound> bind(Value document) {
        Fields fields = Fields.of(document, DOCUMENT);
        if (fields.required("kind", KIND).isEmpty() && fields.find("kind").isPresent()) {
            return Optional.empty(); // Another resource; its fields are none of ours.
        }
        fields.required("apiVersion", API_VERSION);
        if (fields.find("metadata").isEmpty()) {
            fields.missing("metadata", "a mapping with a name");
        }
        if (fields.find("spec").isEmpty()) {
            fields.missing("spec", "a mapping with a type");
        }
        Optional<Fields> metadata =
                fields.find("metadata").map(value -> Fields.of(value, METADATA));
        String name =
                metadata.flatMap(found -> found.required("name", TextFormat.DNS_LABEL)).orElse("");
        int nameLine =
                metadata.flatMap(found -> found.find("name"))
                        .map(Value::line)
                        .orElse(document.line());
        return fields.find("spec")
                .map(value -> Fields.of(value, SpecBinder.SPEC))
                .flatMap(spec -> SpecBinder.bind(spec, name))
                .filter(_ -> document.problems().none())
                .map(model -> new Bound(model, nameLine));
    }

    private static Choice<String> only(String word) {
        return new Choice<>(Map.of(word, word), List.of());
    }
}
