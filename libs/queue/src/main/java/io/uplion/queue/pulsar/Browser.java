// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue.QueueException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Reader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a topic from its beginning to what is its end now, without taking anything out.
final class Browser {
    private static final Logger LOG = LoggerFactory.getLogger(Browser.class);
    private static final int PATIENCE_SECONDS = 10;

    private final PulsarConnection connection;

    Browser(PulsarConnection connection) {
        this.connection = connection;
    }

    interface Decoder<T> {
        T decode(byte[] message) throws MalformedMessageException;
    }

    /// Blocks. A message that cannot be read is logged and passed over; a topic that does not exist
    /// has none.
    <T> void read(String topic, Decoder<T> decoder, Consumer<T> found) {
        try (Reader<byte[]> reader =
                connection
                        .client()
                        .newReader()
                        .topic(Names.url(topic))
                        .startMessageId(MessageId.earliest)
                        .create()) {
            while (reader.hasMessageAvailable()) {
                Message<byte[]> message = reader.readNext(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    throw new QueueException("the broker does not go on with " + topic);
                }
                decode(message, decoder, found);
            }
        } catch (IOException e) {
            if (!Reason.isMissing(e)) {
                throw new QueueException(topic + " cannot be read: " + Reason.of(e), e);
            }
        }
    }

    private static <T> void decode(Message<byte[]> message, Decoder<T> decoder, Consumer<T> found) {
        try {
            found.accept(decoder.decode(message.getData()));
        } catch (MalformedMessageException e) {
            LOG.atError()
                    .addKeyValue("topic", message.getTopicName())
                    .addKeyValue("message", message.getMessageId())
                    .log("a message was passed over: {}", e.getMessage());
        }
    }
}
