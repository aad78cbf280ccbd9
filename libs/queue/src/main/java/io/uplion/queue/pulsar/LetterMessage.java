// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.DeadLetters.DeadLetter;
import io.uplion.task.Task;
import java.util.Map;
import java.util.TreeMap;

/// A dead letter as a message. The task's nonce stays behind: whoever reads letters shall not be
/// able to speak for a worker.
final class LetterMessage {
    private LetterMessage() {}

    static byte[] write(DeadLetter letter) {
        return Envelope.write(
                json -> {
                    TaskMessage.fields(json, letter.task());
                    json.writeStringField("pool", letter.pool());
                    json.writeStringField("reason", letter.reason());
                    json.writeStringField("writtenAt", letter.writtenAt().toString());
                    json.writeObjectFieldStart("headers");
                    for (Map.Entry<String, String> header :
                            new TreeMap<>(letter.headers()).entrySet()) {
                        json.writeStringField(header.getKey(), header.getValue());
                    }
                    json.writeEndObject();
                },
                letter.body());
    }

    static DeadLetter read(byte[] message) throws MalformedMessageException {
        Envelope envelope = Envelope.read(message);
        Head head = envelope.head();
        Task task = TaskMessage.task(envelope, "");
        return new DeadLetter(
                task,
                head.texts("headers"),
                envelope.body(),
                head.text("pool"),
                head.text("reason"),
                head.instant("writtenAt"));
    }
}
