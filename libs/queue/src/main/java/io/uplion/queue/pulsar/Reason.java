// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.PulsarClientException.NotFoundException;
import org.apache.pulsar.client.api.PulsarClientException.SubscriptionNotFoundException;
import org.apache.pulsar.client.api.PulsarClientException.TopicDoesNotExistException;
import org.jspecify.annotations.Nullable;

/// Why something did not go at the broker. The client library wraps causes into one another, and
/// repeats each of them in the next one's message.
final class Reason {
    private Reason() {}

    /// For a person.
    static String of(Throwable thrown) {
        if (isMissing(thrown)) {
            return "there is no such topic";
        }
        Throwable innermost = innermost(thrown);
        return innermost instanceof TimeoutException
                ? "the broker does not answer"
                : innermost.getClass().getSimpleName() + ": " + innermost.getMessage();
    }

    /// Whether there is no such topic or subscription, which no repetition mends.
    static boolean isMissing(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof TopicDoesNotExistException
                    || cause instanceof SubscriptionNotFoundException
                    || cause instanceof NotFoundException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable innermost(Throwable thrown) {
        Throwable innermost = thrown;
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            innermost = cause;
        }
        return innermost;
    }
}
