// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.process;

import io.uplion.bench.load.Target;
import io.uplion.testing.provider.FakeProviderMain;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The fake provider in a process of its own.
public record ProviderProcess(URI url, ChildProcess process) {
    private static final Duration START = Duration.ofSeconds(30);

    public static ProviderProcess start(Bed bed) {
        List<String> command =
                JavaProgram.command(
                        List.of("-XX:+UseSerialGC", "-Xmx1g"),
                        System.getProperty("java.class.path"),
                        List.of(
                                FakeProviderMain.class.getName(),
                                "--loops=2",
                                "--port=0",
                                "--record=false"));
        ChildProcess process =
                bed.add(ChildProcess.start("provider", command, Map.of(), bed.directory()));
        return new ProviderProcess(URI.create(process.awaitLine("ready: ", START)), process);
    }

    public Duration cpu() {
        return process.cpu();
    }

    /// Straight at the provider: what everything else is compared with.
    public Target target(String script) {
        return new Target("direct", "127.0.0.1", url.getPort(), "", script);
    }
}
