// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import com.fasterxml.jackson.core.JsonGenerator;
import io.uplion.task.Task;
import java.io.IOException;

/// A task as a message: its body, where the task carries one, goes as it is.
final class TaskMessage {
    private static final byte[] NOTHING = {};

    private TaskMessage() {}

    static byte[] write(Task task) {
        return Envelope.write(
                json -> {
                    fields(json, task);
                    json.writeStringField("nonce", task.nonce());
                },
                switch (task.body()) {
                    case Task.Inline(byte[] bytes) -> bytes;
                    case Task.Kept _ -> NOTHING;
                });
    }

    static Task read(byte[] message) throws MalformedMessageException {
        Envelope envelope = Envelope.read(message);
        if (envelope.head().has("kept") && envelope.body().length > 0) {
            throw new MalformedMessageException("its body is kept and carried at once");
        }
        return task(envelope, envelope.head().text("nonce"));
    }

    /// All but the nonce.
    static void fields(JsonGenerator json, Task task) throws IOException {
        json.writeStringField("task", task.id().toString());
        json.writeStringField("model", task.model());
        json.writeStringField("endpoint", task.endpoint().id());
        json.writeBooleanField("stream", task.stream());
        json.writeStringField("startBy", task.startBy().toString());
        json.writeStringField("gateway", task.gateway().address());
        json.writeStringField("incarnation", task.gateway().incarnation().toString());
        if (task.body() instanceof Task.Kept(long length)) {
            json.writeNumberField("kept", length);
        }
    }

    static Task task(Envelope envelope, String nonce) throws MalformedMessageException {
        Head head = envelope.head();
        return new Task(
                head.uuid("task"),
                head.text("model"),
                head.endpoint("endpoint"),
                head.bool("stream"),
                head.instant("startBy"),
                new Task.Gateway(head.text("gateway"), head.uuid("incarnation")),
                nonce,
                head.has("kept")
                        ? new Task.Kept(head.length("kept"))
                        : new Task.Inline(envelope.body()));
    }
}
