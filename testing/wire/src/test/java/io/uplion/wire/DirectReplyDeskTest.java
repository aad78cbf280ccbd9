// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.uplion.task.ReplyDesk;
import io.uplion.task.Task;
import java.util.UUID;

/// In one process the desk is called directly.
class DirectReplyDeskTest extends ReplyDeskContract {
    @Override
    ReplyDesk desk() {
        return gateway;
    }

    @Override
    Task.Gateway self() {
        return new Task.Gateway("local", new UUID(1, 1));
    }
}
