// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import java.time.Duration;

/// How fast a model's queue empties, and which of the places that become free are this gateway's to
/// promise: every so many-th, beginning with its own.
///
/// @param perSecond tasks that leave, whoever holds their clients; 0 where that is not known
/// @param gateways that promise places of this queue, this one among them
/// @param place this gateway's number among them, from 0
/// @param behind how old what gateways know of the queue and of each other can be: a place that is
///   free is seen so much later
public record Share(double perSecond, int gateways, int place, Duration behind) {
    /// Of a gateway that is alone and sees the queue itself.
    public static final Share ALONE = new Share(0, 1, 0, Duration.ZERO);

    public Share {
        if (place < 0 || place >= gateways) {
            throw new IllegalArgumentException(place + " of " + gateways);
        }
    }
}
