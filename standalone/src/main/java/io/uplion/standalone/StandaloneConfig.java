// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.uplion.access.AccessConfig;
import io.uplion.access.ClientAddress;
import io.uplion.billing.BillingConfig;
import io.uplion.gateway.GatewayConfig;
import io.uplion.platform.logging.LogSettings;
import io.uplion.platform.settings.Settings;
import io.uplion.standalone.models.Discovery;
import io.uplion.worker.WorkerConfig;
import io.uplion.worker.network.AllowedNetworks;
import java.nio.file.Path;
import java.util.Map;

/// Everything one process needs to know.
public record StandaloneConfig(
        Options options,
        GatewayConfig gateway,
        WorkerConfig worker,
        AccessConfig access,
        BillingConfig billing,
        ClientAddress clients,
        Discovery.Config discovery,
        Map<String, String> environment) {

    /// What the command line says.
    ///
    /// @param managementPort 0 for any
    /// @param modelsGiven the operator named the models directory, so it must be there
    public record Options(
            GatewayConfig.Address address,
            int managementPort,
            Path data,
            Path models,
            boolean modelsGiven) {}

    /// @throws Settings.SettingsException naming every wrong setting
    public static StandaloneConfig read(
            Settings settings, Map<String, String> environment, Options options) {
        LogSettings.check(settings);
        StandaloneConfig config =
                new StandaloneConfig(
                        options,
                        GatewayConfig.read(settings, options.address()),
                        WorkerConfig.read(settings, AllowedNetworks.LOOPBACK),
                        AccessConfig.defaults(),
                        BillingConfig.read(settings),
                        ClientAddress.read(settings),
                        Discovery.Config.read(settings),
                        Map.copyOf(environment));
        settings.check();
        return config;
    }
}
