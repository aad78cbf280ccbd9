// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing;

import io.uplion.platform.process.ServiceProcess;

/// The process `billing`.
public final class BillingMain {
    private BillingMain() {}

    public static void main(String[] arguments) {
        System.exit(
                ServiceProcess.run(
                        "billing",
                        (settings, meters) ->
                                BillingServer.start(BillingServerConfig.read(settings), meters)));
    }
}
