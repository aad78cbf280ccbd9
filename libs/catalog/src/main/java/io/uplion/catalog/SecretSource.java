// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog;

import java.nio.file.Path;

/// Where a secret is read from. Manifests name it; they never hold it.
public sealed interface SecretSource {

    /// A Kubernetes secret; on a laptop the file `DIR/secrets/NAME/KEY` beside the manifests.
    record SecretRef(String name, String key) implements SecretSource {}

    record Env(String variable) implements SecretSource {}

    record File(Path path) implements SecretSource {}
}
