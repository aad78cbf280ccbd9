// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import java.time.Duration;

/// When a client closes its connection before the answer has ended.
public sealed interface Leave {
    record Never() implements Leave {}

    /// @param frames events read before, comments not counted
    record AfterFrames(int frames) implements Leave {}

    /// @param delay since the request
    record AfterTime(Duration delay) implements Leave {}
}
