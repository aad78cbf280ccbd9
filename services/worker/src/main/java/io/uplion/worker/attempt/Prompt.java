// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenEstimate;
import io.uplion.task.Task;
import io.vertx.core.internal.ContextInternal;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The client's bytes, for as long as an attempt needs them, and what they say.
final class Prompt {
    private static final byte[] NOTHING = {};

    private final Task task;
    private volatile byte[] body = NOTHING;
    private volatile long tokens = -1;
    private @Nullable RequestHead head;

    Prompt(Task task) {
        this.task = task;
    }

    /// What is to be done with what was read, or with a fault.
    record Reader(Consumer<RequestHead.Result> then, Consumer<Throwable> crashed) {}

    /// A long body is read and counted on another thread; the reader is called on the loop in any
    /// case.
    ///
    /// @param kept the bytes, where the task does not carry them
    void read(byte[] kept, ContextInternal loop, Reader reader) {
        body = task.body() instanceof Task.Inline(byte[] bytes) ? bytes : kept;
        if (body.length <= RequestHead.LONG_BYTES) {
            reader.then().accept(parse());
        } else {
            loop.executeBlocking(
                            () -> {
                                tokens();
                                return parse();
                            },
                            false)
                    .onComplete(reader.then()::accept, reader.crashed()::accept);
        }
    }

    private RequestHead.Result parse() {
        RequestHead.Result result = RequestHead.parse(task.endpoint(), body);
        head = result instanceof RequestHead.Parsed(RequestHead parsed) ? parsed : null;
        return result;
    }

    byte[] body() {
        return body;
    }

    boolean wantsUsage() {
        return head != null && head.wantsUsage();
    }

    /// What the client allows all choices together.
    OptionalLong mostOutput() {
        if (head == null || head.maxTokens().isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(head.maxTokens().getAsLong() * head.choicesMade());
    }

    /// Estimated.
    long tokens() {
        if (tokens < 0) {
            tokens = TokenEstimate.ofPrompt(body);
        }
        return tokens;
    }

    /// No other attempt will need megabytes; what a task carries stays with it.
    void committed() {
        if (task.body() instanceof Task.Kept) {
            tokens();
            forget();
        }
    }

    /// Also by a thread that has not begun to read.
    void forget() {
        body = NOTHING;
    }
}
