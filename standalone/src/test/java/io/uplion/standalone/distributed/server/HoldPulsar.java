// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.uplion.standalone.distributed.process.Supervisor;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A platform that does nothing but hold its Pulsar, for a test that kills it.
final class HoldPulsar {
    static final String READY = "Pulsar runs";

    private HoldPulsar() {}

    public static void main(String[] arguments) throws InterruptedException {
        var data = Path.of(arguments[0]);
        var supervisor = Supervisor.open(data, System.out::println, new SimpleMeterRegistry());
        PulsarServer.start(supervisor, data, new PulsarDistribution(Path.of(arguments[1])));
        System.out.println(READY);
        new CountDownLatch(1).await();
    }
}
