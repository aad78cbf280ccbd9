// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A file in the models directory, chosen by a fuzzer that watches which code it reaches. A plain
/// test run reads the saved inputs only. To look for new ones: `JAZZER_FUZZ=1 mvn -pl libs/catalog
/// -am test -Dtest=ManifestFuzzTest -Dsurefire.failIfNoSpecifiedTests=false -Djazzer.hooks=true`.
class ManifestFuzzTest {
    @FuzzTest
    void manifests(byte[] bytes) {
        var read = ManifestReader.read("x.yaml", new String(bytes, StandardCharsets.UTF_8));
        for (var error : read.errors()) {
            if (error.line() < 1) {
                throw new AssertionError(error.toString());
            }
        }
        for (var model : read.models()) {
            var again = ManifestReader.read("y.yaml", ManifestWriter.write(model));
            if (!again.models().equals(List.of(model))) {
                throw new AssertionError(model + " became " + again);
            }
        }
    }
}
