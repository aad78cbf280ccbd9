// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.ManifestReader;
import io.uplion.catalog.manifest.ManifestReader.Manifests;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A manifest as it stands in the shared state: with its generation in a comment before it.
///
/// @param generation counts the changes of one pool's manifest
record Published(long generation, String manifest) {
    private static final Pattern FORM =
            Pattern.compile("# generation ([0-9]{1,18})\n(.*)", Pattern.DOTALL);

    String text() {
        return "# generation " + generation + "\n" + manifest;
    }

    static Optional<Published> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new Published(Long.parseLong(parts.group(1)), parts.group(2)))
                : Optional.empty();
    }

    /// Nothing where the manifest is not that of this pool, or not one this version can read.
    Optional<AIModel> model(String pool) {
        Manifests read = ManifestReader.read(pool, manifest);
        List<AIModel> models = read.models();
        boolean right = read.errors().isEmpty() && models.size() == 1;
        return right && models.getFirst().name().equals(pool)
                ? Optional.of(models.getFirst())
                : Optional.empty();
    }

    /// The same generation while the manifest is the same, else the next.
    static Published after(Optional<Published> before, String manifest) {
        return before.filter(known -> known.manifest().equals(manifest))
                .orElseGet(
                        () ->
                                new Published(
                                        before.map(Published::generation).orElse(0L) + 1,
                                        manifest));
    }
}
