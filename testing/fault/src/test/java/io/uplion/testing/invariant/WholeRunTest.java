// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.fault.FaultProxy;
import io.uplion.testing.invariant.Violation.Kind;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End;
import io.uplion.testing.load.Leave;
import io.uplion.testing.load.Load;
import io.uplion.testing.load.Observation;
import io.uplion.testing.load.ObservationFile;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.wait.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Load, proxy, provider and checker together. The provider stands for the whole platform.
@Timeout(60)
class WholeRunTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SCRIPT = "fake;tokens=30;interval=20ms;mark";

    private final FakeProvider provider = FakeProvider.start();
    private final FaultProxy proxy = FaultProxy.before(provider.baseUrl());
    private final Load load = Load.on("http://" + proxy.address());

    @AfterEach
    void stop() {
        load.close();
        proxy.close();
        provider.close();
    }

    private Evidence evidence() {
        return Evidence.of(load.observations()).provider(ProviderRecord.of(provider));
    }

    private Report settle(Rules rules) {
        return new InvariantChecker(rules).settle(Duration.ofSeconds(5), this::evidence);
    }

    private Report check(Rules rules) {
        return new InvariantChecker(rules).check(evidence());
    }

    @Test
    void clientsOfAllKindsLeaveNothingBehind() {
        var volley =
                load.start(
                        200,
                        i ->
                                switch (i % 4) {
                                    case 0 -> Ask.stream(SCRIPT).withUsage();
                                    case 1 -> Ask.whole(SCRIPT);
                                    case 2 -> Ask.stream(SCRIPT).slowly(20_000);
                                    default ->
                                            Ask.stream(SCRIPT)
                                                    .leaving(
                                                            new Leave.AfterFrames(
                                                                    1 + new Random(i).nextInt(28)));
                                });
        assertThat(volley.awaitEnd(LIMIT)).hasSize(200);

        settle(Rules.STRICT).assertClean();
        assertThat(load.observations()).filteredOn(one -> one.is(End.Kind.COMPLETED)).hasSize(150);
    }

    @Test
    void resetInTheMiddleIsFoundUnlessItIsAllowed() {
        load.start(50, _ -> Ask.stream(SCRIPT)).awaitSpoken(50, LIMIT);
        proxy.resetAll();
        load.start(10, _ -> Ask.stream(SCRIPT)).awaitEnd(LIMIT);

        assertThat(check(Rules.STRICT).violations())
                .hasSize(50)
                .allMatch(one -> one.kind() == Kind.CUT_SILENTLY && one.id().startsWith("req_"));
        settle(Rules.STRICT.mayBreak(_ -> true)).assertClean();
    }

    @Test
    void blackHoleIsAHangAndItsWorkIsOrphaned() {
        proxy.latency(Duration.ofMillis(5));
        var ask =
                Ask.stream("fake;tokens=100000;interval=20ms;mark")
                        .hungAfter(Duration.ofMillis(500));
        var volley = load.start(20, _ -> ask).awaitSpoken(20, LIMIT);
        proxy.blackHole();
        volley.awaitEnd(LIMIT);

        var rules = Rules.STRICT.stopWithin(Duration.ofMillis(500));
        Await.until(
                "twenty orphans",
                LIMIT,
                () ->
                        check(rules).violations().stream()
                                        .filter(one -> one.kind() == Kind.ORPHAN_WORK)
                                        .count()
                                == 20);
        assertThat(check(rules).violations())
                .filteredOn(one -> one.kind() == Kind.HUNG)
                .hasSize(20);
        proxy.heal();
        provider.awaitInFlight(0, LIMIT);
    }

    /// As a balancer would do that sends a request again after it has spoken.
    @Test
    void anotherCallsTextIsForeign() {
        load.start(2, _ -> Ask.stream(SCRIPT)).awaitEnd(LIMIT);
        var seen = new ArrayList<Observation>(load.observations());
        var swapped =
                Stream.of(0, 1)
                        .map(
                                i ->
                                        new Observation(
                                                seen.get(i).sent(),
                                                seen.get(1 - i).heard(),
                                                seen.get(i).end()))
                        .toList();
        var report =
                new InvariantChecker(Rules.STRICT)
                        .check(Evidence.of(swapped).provider(ProviderRecord.of(provider)));
        assertThat(report.violations()).hasSize(2).allMatch(one -> one.kind() == Kind.FOREIGN_TEXT);
    }

    private record Result(int status, String out, String err) {}

    private static Result program(Object... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var status =
                InvariantCheckerMain.run(
                        Stream.of(words).map(String::valueOf).toList(),
                        new PrintStream(out),
                        new PrintStream(err));
        return new Result(status, out.toString(), err.toString());
    }

    @Test
    void programChecksFilesAndProcesses(@TempDir Path directory) throws Exception {
        load.start(5, _ -> Ask.stream(SCRIPT)).awaitEnd(LIMIT);
        var file = directory.resolve("observations");
        ObservationFile.write(file, load.observations());
        var url = "http://127.0.0.1:" + provider.port();

        var clean = program("--observations", file, "--provider", url, "--rest-within", 0);
        assertThat(clean).isEqualTo(new Result(0, "Every invariant holds.\n", ""));

        // None of these requests is in the record, and the provider is no gateway.
        var usage = directory.resolve("usage");
        Files.writeString(
                usage,
                """
                5f0a11bc {"task":"01890000-0000-7000-8000-000000000001","attempt":1,\
                "outcome":"COMPLETED","source":"REPORTED","input":2,"output":30,"status":200}
                """);
        var bad =
                program(
                        "--observations",
                        file,
                        "--usage",
                        usage,
                        "--gateway",
                        url,
                        "--rest-within",
                        0);
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.out())
                .contains("USAGE_MISSING req_fake_1", "USAGE_OF_NOBODY " + Made.ID)
                .contains("METRICS_UNREADABLE " + url);
    }

    @Test
    void programSaysWhatItCannotUnderstand(@TempDir Path directory) throws Exception {
        var file = directory.resolve("observations");
        Files.writeString(file, "no observation\n");

        assertThat(program("--observation", file).err())
                .contains("Unknown: --observation", "usage:");
        assertThat(program("--usage", file).err()).contains("Missing: --observations");
        assertThat(program("--observations").err()).contains("No value: --observations");
        assertThat(program("--observations", file).err()).contains("Unrecognized token");
        for (var words : List.of("--observation", "--observations")) {
            assertThat(program(words, file).status()).isEqualTo(2);
        }
        Files.writeString(file, "");
        assertThat(program("--observations", file, "--usage", directory.resolve("none")))
                .returns(2, Result::status);
        assertThat(program("--observations", file, "--provider", "http://127.0.0.1:1"))
                .returns(2, Result::status);
    }
}
