// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.controller;

import io.uplion.platform.process.ServiceProcess;
import java.time.Clock;

/// The process `controller`.
public final class ControllerMain {
    private ControllerMain() {}

    public static void main(String[] arguments) {
        System.exit(
                ServiceProcess.run(
                        "controller",
                        (settings, _) ->
                                Controller.start(
                                        ControllerConfig.read(settings), Clock.systemUTC())));
    }
}
