// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.statistics;

import io.uplion.queue.TopicState;
import java.time.Duration;

/// What a gateway knows of one model's queue. It was so some seconds ago.
///
/// @param topic what the broker counted
/// @param heldElsewhere tasks that other gateways hold and have not published yet
/// @param drainPerSecond acknowledged tasks, over the last half minute; 0 where none was, and while
///   nobody has counted for long enough
/// @param age since this gateway learnt of it
public record ModelQueue(TopicState topic, int heldElsewhere, double drainPerSecond, Duration age) {

    public long waiting() {
        return topic.waiting();
    }

    public int running() {
        return topic.running();
    }

    public int consumers() {
        return topic.consumers();
    }
}
