// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.platform.process.ServiceProcess;
import java.time.Clock;

/// The process `gateway`.
public final class GatewayMain {
    private GatewayMain() {}

    public static void main(String[] arguments) {
        System.exit(
                ServiceProcess.run(
                        "gateway",
                        (settings, meters) ->
                                GatewayService.start(
                                        GatewayServiceConfig.read(settings),
                                        meters,
                                        Clock.systemUTC())));
    }
}
