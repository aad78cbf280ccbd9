// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

/// Leaves the reading of a message from any depth; [ReplyWire] makes a value of it.
final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException(String why) {
        super(why, null, false, false);
    }
}
