// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// A parent for a test that kills it: one child of ours, one foreign program.
final class SupervisingMain {
    static final String READY = "the children run";

    private SupervisingMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        var data = Path.of(arguments[0]);
        var supervisor = Supervisor.open(data, System.out::println, new SimpleMeterRegistry());
        var port = supervisor.ports().port("worker-1");
        supervisor.start(
                List.of(
                        SupervisorIT.child("worker-1", port, data, Map.of()),
                        foreign("tail", data)));
        System.out.println(READY);
        new CountDownLatch(1).await();
    }

    /// A program that runs until it is stopped, and does not know us.
    static ChildSpec foreign(String name, Path data) {
        var file = data.resolve("run").resolve("ports.properties").toString();
        return new ChildSpec(
                name,
                new Command.Program(List.of("tail", "-f", file), data, Map.of()),
                () -> true,
                Map.of(name, "tail://" + name),
                new ChildSpec.Limits(Duration.ofSeconds(20), Duration.ofSeconds(5)));
    }
}
