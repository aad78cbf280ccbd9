// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

import io.uplion.openai.Endpoint;
import io.uplion.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Tasks for tests of the queue, in the order of their ids.
public final class SampleTasks {
    private static final Task.Gateway GATEWAY =
            new Task.Gateway("gateway:1", UUID.fromString("00000000-0000-4000-8000-000000000001"));
    private static final AtomicLong SERIAL = new AtomicLong();

    private SampleTasks() {}

    public static Task task(String model) {
        return task(model, "{\"model\":\"" + model + "\"}");
    }

    public static Task task(String model, String body) {
        return new Task(
                nextId(),
                model,
                Endpoint.CHAT,
                true,
                Instant.now().plusSeconds(600),
                GATEWAY,
                "secret-nonce",
                new Task.Inline(body.getBytes(StandardCharsets.UTF_8)));
    }

    /// A UUIDv7, larger than every one before.
    private static UUID nextId() {
        long serial = SERIAL.incrementAndGet();
        long time = (System.currentTimeMillis() << 16) | 0x7000;
        return new UUID(time, 0x8000_0000_0000_0000L | serial);
    }
}
