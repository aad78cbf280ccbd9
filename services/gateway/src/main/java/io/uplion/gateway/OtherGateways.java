// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.gateway.admission.Share;
import java.time.Duration;
import java.util.Optional;

/// What gateways tell each other about a model's queue. Must not block.
public interface OtherGateways {
    /// For a gateway that is alone.
    OtherGateways NONE =
            new OtherGateways() {
                @Override
                public Share share(String model) {
                    return Share.ALONE;
                }

                @Override
                public int held(String model) {
                    return 0;
                }

                @Override
                public Optional<Duration> lastStart(String model) {
                    return Optional.empty();
                }
            };

    /// Tasks of the model that all workers together finish, and what of the places that become free
    /// so is this gateway's to promise.
    Share share(String model);

    /// Tasks that the others have registered and not queued yet.
    int held(String model);

    /// How long the model took to start the last time.
    Optional<Duration> lastStart(String model);
}
