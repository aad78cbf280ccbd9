// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.controller;

import io.uplion.counters.redis.RedisConfig;
import io.uplion.platform.settings.Settings;
import io.uplion.standalone.models.Discovery;
import java.nio.file.Path;

/// Every setting of the controller, with its default.
///
/// @param models the manifests
/// @param pools where it writes what workers there should be, for whoever starts processes
/// @param workers of each pool
public record ControllerConfig(
        Path models,
        Path pools,
        int workers,
        String pulsarAdminUrl,
        RedisConfig redis,
        Discovery.Config discovery) {
    private static final String PREFIX = "UPLION_CONTROLLER_";

    /// @throws Settings.SettingsException naming every wrong setting
    public static ControllerConfig read(Settings settings) {
        ControllerConfig config =
                new ControllerConfig(
                        Path.of(settings.text(PREFIX + "MODELS", "models")),
                        Path.of(settings.text(PREFIX + "POOLS", "pools")),
                        settings.integer(PREFIX + "WORKERS", 1, 1, 100),
                        settings.text("UPLION_PULSAR_ADMIN_URL", "http://127.0.0.1:8080"),
                        RedisConfig.read(settings),
                        Discovery.Config.read(settings));
        settings.check();
        return config;
    }
}
