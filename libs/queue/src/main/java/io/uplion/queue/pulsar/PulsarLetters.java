// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.DeadLetters;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pulsar.client.api.MessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Dead letters in a topic for each model. Nobody takes them out: the broker drops the oldest when
/// there are too many.
public final class PulsarLetters implements DeadLetters, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PulsarLetters.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// More than what a letter says beside its body.
    private static final long HEAD_BYTES = 1 << 20;

    /// One of the largest at a time: a letter is as large as a request. What the connection may
    /// hold beyond is for usage records, which no letter may get into the way of.
    private static final long TOGETHER_BYTES = PulsarConnection.PENDING_BYTES / 2 + HEAD_BYTES;

    private final Room room = new Room(TOGETHER_BYTES, PATIENCE);
    private final Senders senders;

    public PulsarLetters(PulsarConnection connection) {
        this.senders = new Senders(connection, PATIENCE, true);
    }

    @Override
    public CompletionStage<Void> write(DeadLetter letter) {
        return room.within(letter.body().length + HEAD_BYTES, () -> send(letter))
                .whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                LOG.atError()
                                        .addKeyValue("request", letter.task().requestId())
                                        .log(
                                                "a dead letter was not kept: {}",
                                                failure.getMessage());
                            }
                        })
                .thenApply(_ -> null);
    }

    /// Not before its turn: a message is a copy.
    private CompletableFuture<MessageId> send(DeadLetter letter) {
        return senders.send(Names.dead(letter.task().model()), LetterMessage.write(letter));
    }

    @Override
    public void close() {
        senders.close();
    }
}
