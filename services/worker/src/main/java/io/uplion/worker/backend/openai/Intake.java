// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;

/// When a provider's answer is read and when it has to wait: whoever listens may not keep up, and
/// the memory for answers may be full. Lives on the call's event loop.
final class Intake {
    private final ContextInternal loop = ContextInternal.current();
    private final AnswerMemory.Share memory;
    private @Nullable HttpClientResponse response;
    private boolean held;
    private boolean full;

    Intake(AnswerMemory memory) {
        this.memory = memory.share(() -> loop.runOnContext(_ -> thereIsRoom()));
    }

    void from(HttpClientResponse answer) {
        response = answer;
    }

    /// Going on waits for the loop's next turn: this may be said while an event is passed on, and
    /// none may come in its midst.
    void pace(boolean hold) {
        held = hold;
        if (hold) {
            pause();
        } else {
            loop.runOnContext(_ -> goOn());
        }
    }

    /// @param bytes all that is held of the answer
    void holds(long bytes) {
        full = !memory.hold(bytes);
        if (full) {
            pause();
        }
    }

    private void thereIsRoom() {
        full = false;
        goOn();
    }

    private void pause() {
        if (response != null) {
            response.pause();
        }
    }

    private void goOn() {
        if (response != null && !held && !full) {
            response.resume();
        }
    }

    /// Nothing more is wanted. What may still come is read past, so that the connection can be used
    /// again.
    void end() {
        HttpClientResponse rest = response;
        response = null;
        if (rest != null) {
            rest.resume();
        }
    }

    void release() {
        memory.release();
    }
}
