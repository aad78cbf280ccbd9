// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.AIModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads AIModel manifests from YAML text.
///
/// Whatever the text is, the answer is models and errors, never an exception.
public final class ManifestReader {
    /// Larger than any honest set of manifests, small enough to parse at once.
    static final int MAX_CODE_POINTS = 1 << 20;

    private final String file;
    private final Map<String, Integer> lineOfName = new LinkedHashMap<>();
    private final List<AIModel> models = new ArrayList<>();
    private final List<ManifestError> errors = new ArrayList<>();

    private ManifestReader(String file) {
        this.file = file;
    }

    /// What one file says: the models that are right, and what is wrong with the others.
    ///
    /// @param lineOfName where the name of each model stands
    public record Manifests(
            List<AIModel> models, Map<String, Integer> lineOfName, List<ManifestError> errors) {
        public Manifests {
            models = List.copyOf(models);
            lineOfName = Map.copyOf(lineOfName);
            errors = List.copyOf(errors);
        }

        /// Of a file that cannot be read at all.
        public static Manifests wrong(ManifestError error) {
            return new Manifests(List.of(), Map.of(), List.of(error));
        }
    }

    /// Reads every document of the file. One that has an error is not among the models; the others
    /// are.
    ///
    /// @param file the name that errors carry
    public static Manifests read(String file, String yaml) {
        if (yaml.codePointCount(0, yaml.length()) > MAX_CODE_POINTS) {
            String message = "larger than " + MAX_CODE_POINTS + " characters; split the file";
            return Manifests.wrong(new ManifestError(file, 1, "", message));
        }
        ManifestReader reader = new ManifestReader(file);
        String text = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml;
        DocumentText.split(text).forEach(reader::readDocument);
        return new Manifests(reader.models, reader.lineOfName, reader.errors);
    }

    private void readDocument(DocumentText document) {
        Problems problems = new Problems(file, document.firstLine());
        Optional<Node> root = DocumentParser.parse(document, problems);
        root.map(node -> Value.document(node, problems))
                .flatMap(ModelBinder::bind)
                .ifPresent(bound -> keep(bound, problems));
        errors.addAll(problems.byLine());
    }

    /// Two pools of one name would be one pool that changes with every reading.
    private void keep(ModelBinder.Bound bound, Problems problems) {
        String name = bound.model().name();
        Integer first = lineOfName.putIfAbsent(name, bound.nameLine());
        if (first == null) {
            models.add(bound.model());
        } else {
            String message = "'" + name + "' is also the name in line " + first;
            problems.add(bound.nameLine(), "metadata.name", message);
        }
    }
}
