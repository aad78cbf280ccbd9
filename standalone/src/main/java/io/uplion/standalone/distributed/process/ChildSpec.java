// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/// One child process.
///
/// @param name also of its log and its pid file: `worker-1`
/// @param endpoints what it adds to `endpoints.json` while it runs, address by name; no secrets
public record ChildSpec(
        String name,
        Command command,
        ReadyCheck ready,
        Map<String, String> endpoints,
        Limits limits) {

    public ChildSpec {
        if (!name.matches("[a-z][a-z0-9-]{0,40}")) {
            throw new IllegalArgumentException("not a child's name: " + name);
        }
        endpoints = Map.copyOf(endpoints);
    }

    /// @param start it must be ready after so long
    /// @param stop after SIGTERM it may take so long; asked when it is stopped
    public record Limits(Duration start, Supplier<Duration> stop) {
        public Limits(Duration start, Duration stop) {
            this(start, () -> stop);
        }
    }
}
