// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.gateway;

import io.uplion.bench.load.Target;
import io.uplion.bench.process.NginxProcess;
import io.uplion.bench.process.PlatformProcess;
import io.uplion.bench.process.ProviderProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The ways that are compared. All lead to the same fake provider.
///
/// @param uplion asked with a key that has every kind of limit, and a budget
/// @param ungoverned asked with a key that has none
/// @param nginx nothing where it is not installed
record Sides(Side uplion, Side ungoverned, Side direct, Optional<Side> nginx) {

    /// @param whole for answers in one piece
    /// @param stream for streamed ones
    /// @param cpu processor time so far of what serves
    record Side(Target whole, Target stream, Supplier<Duration> cpu) {
        String name() {
            return whole.name();
        }

        Target target(boolean streamed) {
            return streamed ? stream : whole;
        }
    }

    static Sides of(
            PlatformProcess platform,
            ProviderProcess provider,
            Optional<NginxProcess> nginx,
            String script) {
        Target direct = provider.target(script);
        Target governed = platform.governed();
        Target ungoverned = platform.target().named("uplion, no limits");
        return new Sides(
                new Side(governed, governed, platform::cpu),
                new Side(ungoverned, ungoverned, platform::cpu),
                new Side(direct, direct, provider::cpu),
                nginx.map(
                        proxy ->
                                new Side(
                                        proxy.target(script, false),
                                        proxy.target(script, true),
                                        proxy::cpu)));
    }

    /// In the order in which they take their turns.
    List<Side> all() {
        return nginx.map(proxy -> List.of(uplion, ungoverned, proxy, direct))
                .orElseGet(() -> List.of(uplion, ungoverned, direct));
    }
}
