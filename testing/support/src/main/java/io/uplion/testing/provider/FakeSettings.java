// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// How a fake provider runs.
///
/// @param port 0: any free one
/// @param eventLoops threads that serve
/// @param record whether requests are kept for [FakeProvider#served()]; counting goes on without
public record FakeSettings(int port, int eventLoops, boolean record) {
    public static final FakeSettings DEFAULT = new FakeSettings(0, 1, true);

    public FakeSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port);
        }
        if (eventLoops < 1) {
            throw new IllegalArgumentException("eventLoops: " + eventLoops);
        }
    }
}
