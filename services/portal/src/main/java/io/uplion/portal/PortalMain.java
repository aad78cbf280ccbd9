// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import io.uplion.platform.process.ServiceProcess;

/// The process `portal`.
public final class PortalMain {
    private PortalMain() {}

    public static void main(String[] arguments) {
        System.exit(
                ServiceProcess.run(
                        "portal",
                        (settings, _) -> PortalServer.start(PortalConfig.read(settings))));
    }
}
