// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.queue.TaskQueue.QueueException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SizeUnit;

/// One process's connection to the brokers, for all its adapters. It is opened when it is first
/// needed and mends itself: a broker that is down at the start does not stop anybody.
public final class PulsarConnection implements AutoCloseable {
    /// One request to a broker, with its repetitions.
    static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(3);

    /// So soon after a broker is back everybody has found it.
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final int CONNECT_SECONDS = 2;

    /// What waits for the broker's receipt, in all topics together; more is refused by the client
    /// library, and tried again by a [Sender].
    static final long PENDING_BYTES = 128L << 20;

    /// No statistics of its own, which cost a timer for each slot.
    private static final Map<String, Object> QUIET = Map.of("statsIntervalSeconds", 0);

    private final PulsarClient client;

    private PulsarConnection(PulsarClient client) {
        this.client = client;
    }

    /// @param serviceUrl `pulsar://host:port`, several hosts separated by commas
    public static PulsarConnection open(String serviceUrl) {
        try {
            return new PulsarConnection(
                    PulsarClient.builder()
                            .loadConf(QUIET)
                            .serviceUrl(serviceUrl)
                            .connectionTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                            .operationTimeout(seconds(OPERATION_TIMEOUT), TimeUnit.SECONDS)
                            .lookupTimeout(seconds(OPERATION_TIMEOUT), TimeUnit.SECONDS)
                            .maxBackoffInterval(LONGEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                            .keepAliveInterval(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                            .memoryLimit(PENDING_BYTES, SizeUnit.BYTES)
                            .build());
        } catch (PulsarClientException e) {
            throw new QueueException("the queue cannot be used: " + e.getMessage(), e);
        }
    }

    PulsarClient client() {
        return client;
    }

    /// What has not been acknowledged goes to other workers at once.
    @Override
    public void close() {
        try {
            client.close();
        } catch (PulsarClientException e) {
            throw new QueueException("closing the connection to the queue", e);
        }
    }

    private static int seconds(Duration time) {
        return Math.toIntExact(time.toSeconds());
    }
}
