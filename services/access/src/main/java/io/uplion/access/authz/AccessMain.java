// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access.authz;

import io.uplion.platform.process.ServiceProcess;
import java.time.Clock;

/// The process `access`.
public final class AccessMain {
    private AccessMain() {}

    public static void main(String[] arguments) {
        System.exit(
                ServiceProcess.run(
                        "access",
                        (settings, _) ->
                                AccessServer.start(
                                        AccessServerConfig.read(settings), Clock.systemUTC())));
    }
}
