// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog;

import java.util.List;

/// Reads AIModel manifests from YAML text.
public final class ManifestReader {
    private ManifestReader() {}

    /// What one file says: the models that are right, and what is wrong with the others.
    public record Manifests(List<AIModel> models, List<ManifestError> errors) {
        public Manifests {
            models = List.copyOf(models);
            errors = List.copyOf(errors);
        }
    }

    /// @param file the name that errors carry
    public static Manifests read(String file, String yaml) {
        throw new UnsupportedOperationException();
    }
}
