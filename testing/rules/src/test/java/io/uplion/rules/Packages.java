// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Which package belongs to which layer, and the compiled classes of all modules.
final class Packages {
    static final String PLATFORM = "io.uplion.platform..";

    static final List<String> LIBS =
            below("openai", "counters", "task", "queue", "catalog", "store");

    static final List<String> SERVICES = below("gateway", "worker", "access", "portal", "billing");

    static final String STANDALONE = "io.uplion.standalone..";

    /// What is no part of the product.
    static final List<String> TOOLS = below("testing", "bench", "rules", "e2e", "clients");

    /// Main code of every module that has been built.
    static final JavaClasses ALL = new ClassFileImporter().importPaths(outputs());

    private Packages() {}

    static String[] of(Object... parts) {
        return Stream.of(parts)
                .flatMap(part -> part instanceof List<?> many ? many.stream() : Stream.of(part))
                .map(String::valueOf)
                .toArray(String[]::new);
    }

    private static List<String> below(String... names) {
        return Stream.of(names).map(name -> "io.uplion." + name + "..").toList();
    }

    private static List<Path> outputs() {
        return Repository.modules().stream()
                .map(module -> Repository.absolute(Path.of(module, "target", "classes")))
                .filter(Files::isDirectory)
                .toList();
    }
}
