// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

/// What a broker counts about one model's topic.
///
/// @param backlog tasks that are not acknowledged, waiting or running
/// @param running those of them that a worker has
/// @param consumers slots that are open on the topic, idle or busy: none means nobody pulls
/// @param acknowledged counts up with every acknowledged task. Only differences mean anything: a
///   broker may begin anew at any number
public record TopicState(long backlog, int running, int consumers, long acknowledged) {
    /// Tasks that nobody has.
    public long waiting() {
        return Math.max(0, backlog - running);
    }
}
