// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./uplion test`, with a Maven that says what it was asked and leaves the reports it is told.
class LauncherTestIT {
    private static final String ALL =
            "-B verify -fae -Dmaven.test.failure.ignore=true -Duplion.train=true";
    private static final String PASSED = "<testcase name='works' classname='A' time='1'/>";
    private static final String FAILED =
            "<testcase name='breaks' classname='A'><failure message='not so'/></testcase>";
    private static final String SKIPPED =
            "<testcase name='waits' classname='A'><skipped message='needs a ship'/></testcase>";

    @TempDir private Path directory;

    private Workshop workshop;
    private Map<String, String> environment;

    @BeforeEach
    void set() throws IOException {
        workshop = new Workshop(directory.toRealPath());
        workshop.maven("3.9.9");
        environment =
                Map.of("JAVA_HOME", System.getProperty("java.home"), "UPLION_PULSAR_HOME", "here");
    }

    @Test
    void everyModuleIsTestedAndTheSummaryEndsIt() throws Exception {
        workshop.tests(report("libs/a", PASSED) + report("services/b", PASSED + PASSED));
        var ended = workshop.run(environment, "test");
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("libs/a ", "services/b ")
                .endsWith("\n3 passed, 0 failed, 0 skipped\n");
        // No module is chosen, so all are; one that fails does not keep the others away.
        assertThat(workshop.mavenCalls()).containsExactly(ALL);
        assertThat(workshop.repository().resolve(".build/lock")).doesNotExist();
    }

    @Test
    void whatIsMeantForMavenReachesIt() throws Exception {
        workshop.tests(report("libs/a", PASSED));
        workshop.run(environment, "test", "-pl", "libs/a", "--strict", "-Dtest=A", "--faults");
        assertThat(workshop.mavenCalls())
                .containsExactly(ALL + " -pl libs/a -Dtest=A -Duplion.faults=true");
    }

    @Test
    void modulesAreShownAsTheyAreTested() throws Exception {
        workshop.tests("echo '[INFO] Building a-module 1.0   [7/9]'\n" + report("a", PASSED));
        assertThat(workshop.run(environment, "test").output())
                .startsWith("  [7/9]    a-module ")
                .doesNotContain("[INFO]");
    }

    @Test
    void aFailedTestFailsIt() throws Exception {
        workshop.tests(report("libs/a", PASSED) + report("services/b", FAILED));
        var ended = workshop.run(environment, "test");
        assertThat(ended.status()).isOne();
        assertThat(ended.output())
                .contains("services/b: A.breaks\n      not so\n")
                .endsWith("\n1 passed, 1 failed, 0 skipped\n");
    }

    @Test
    void reportsOfAnEarlierRunDoNotCount() throws Exception {
        workshop.tests(report("libs/gone", FAILED));
        assertThat(workshop.run(environment, "test").status()).isOne();
        workshop.tests(report("libs/a", PASSED));
        var ended = workshop.run(environment, "test");
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output())
                .doesNotContain("libs/gone")
                .endsWith("\n1 passed, 0 failed, 0 skipped\n");
    }

    @Test
    void aSkippedTestIsListedWithItsReasonAndFailsItOnlyWithStrict() throws Exception {
        workshop.tests(report("libs/a", PASSED + SKIPPED));
        var usual = workshop.run(environment, "test");
        assertThat(usual.status()).as(usual.output()).isZero();
        assertThat(usual.output())
                .contains("  needs a ship\n      libs/a: A.waits\n")
                .endsWith("\n1 passed, 0 failed, 1 skipped\n");
        var strict = workshop.run(environment, "test", "--strict");
        assertThat(strict.status()).isOne();
        assertThat(strict.output()).endsWith("\n1 passed, 0 failed, 1 skipped\n");
    }

    /// Maven takes that for a failed test, which it is told to pass over, and there is no report.
    @Test
    void aTestProcessThatDiedFailsIt() throws Exception {
        var died = "The forked VM terminated without properly saying goodbye. VM crash?";
        workshop.tests("echo '[ERROR] ExecutionException " + died + "'\n" + report("a", PASSED));
        var ended = workshop.run(environment, "test");
        assertThat(ended.status()).isOne();
        assertThat(ended.output())
                .contains(died, "the build failed", "test.log")
                .endsWith("\n1 passed, 0 failed, 0 skipped\n");
    }

    @Test
    void aBuildThatFailsFailsItWhateverTheReportsSay() throws Exception {
        workshop.tests(report("a", PASSED) + "echo '[ERROR] B.java:[1,2] no such thing'\nexit 1\n");
        var ended = workshop.run(environment, "test");
        assertThat(ended.status()).isOne();
        assertThat(ended.output())
                .contains("B.java:[1,2] no such thing", "the build failed", "test.log")
                .endsWith("\n1 passed, 0 failed, 0 skipped\n");
        assertThat(workshop.repository().resolve(".build/lock")).doesNotExist();
    }

    @Test
    void nothingTestedIsNoSuccess() throws Exception {
        workshop.tests("");
        assertThat(workshop.run(environment, "test").status()).isOne();
    }

    @Test
    void withoutPulsarTheOtherTestsRun() throws Exception {
        workshop.tests(report("a", PASSED));
        Files.createFile(workshop.repository().resolve("broken"));
        var ended = workshop.run(System.getProperty("java.home"), "test");
        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("Pulsar could not be fetched", "1 passed, 0 failed");
    }

    @Test
    void helpTestsNothing() throws Exception {
        var ended = workshop.run("", "test", "--help");
        assertThat(ended.status()).isZero();
        assertThat(ended.output()).contains("--strict", "--faults");
        assertThat(workshop.mavenCalls()).isEmpty();
    }

    /// Lines for a shell that leave such a report.
    private static String report(String module, String cases) {
        var reports = module + "/target/surefire-reports";
        return """
               mkdir -p %s
               echo "<testsuite name='A'>%s</testsuite>" >%s/TEST-A.xml
               """
                .formatted(reports, cases, reports);
    }
}
