// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker;

import io.uplion.platform.settings.Settings;
import io.uplion.worker.network.AllowedNetworks;
import java.time.Duration;
import java.util.List;

/// Every setting of a worker, with its default.
///
/// @param connect how long a connection to the provider may take
/// @param stall a stream that has begun may pause so long
/// @param drain a stopping worker waits so long for running attempts
/// @param maxAnswerBytes a provider's answer, or one event of a stream, may be so large
/// @param answerMemoryBytes what may be held of all answers together
/// @param networks where private addresses may be called
public record WorkerConfig(
        Duration connect,
        Duration stall,
        Duration drain,
        int maxAnswerBytes,
        long answerMemoryBytes,
        AllowedNetworks networks) {
    private static final String PREFIX = "UPLION_WORKER_";

    /// For a worker that ends with its gateway.
    ///
    /// @param networks the form's default for addresses that are not public
    public static WorkerConfig read(Settings settings, List<String> networks) {
        return read(
                settings, networks, settings.duration(PREFIX + "DRAIN", Duration.ofSeconds(30)));
    }

    /// @param networks the form's default for addresses that are not public
    static WorkerConfig read(Settings settings, List<String> networks, Duration drain) {
        long sixth = Runtime.getRuntime().maxMemory() / 6;
        return new WorkerConfig(
                settings.duration(PREFIX + "CONNECT_TIMEOUT", Duration.ofSeconds(10)),
                settings.duration(PREFIX + "STALL_TIMEOUT", Duration.ofMinutes(2)),
                drain,
                settings.arrayBytes(PREFIX + "MAX_ANSWER", 64 << 20, 1024),
                settings.bytes(PREFIX + "ANSWER_MEMORY", sixth, 1 << 20),
                networks(settings, networks));
    }

    /// For whoever calls a provider as a worker does.
    ///
    /// @param fallback the form's default for addresses that are not public
    public static AllowedNetworks networks(Settings settings, List<String> fallback) {
        return AllowedNetworks.parse(
                settings.parsed(PREFIX + "ALLOWED_NETWORKS", fallback, WorkerConfig::networks));
    }

    private static List<String> networks(String text) {
        List<String> given = List.of(text.split("\\s*,\\s*"));
        AllowedNetworks.parse(given);
        return given;
    }
}
