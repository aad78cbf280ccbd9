// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import io.uplion.platform.process.ServiceProcess;
import java.time.Clock;

/// The process `worker`.
public final class WorkerMain {
    private WorkerMain() {}

    public static void main(String[] arguments) {
        System.exit(
                ServiceProcess.run(
                        "worker",
                        (settings, meters) ->
                                WorkerService.start(
                                        WorkerServiceConfig.read(settings, System.getenv()),
                                        meters,
                                        Clock.systemUTC())));
    }
}
