// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.pulsar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;

/// The platform's broker used directly, with topics of our own and as the platform uses its own: no
/// batches, a shared subscription, consumers without a queue, acknowledgements at once.
final class RawBroker implements AutoCloseable {
    private static final String NAMESPACE = "uplion/bench";
    private static final String SUBSCRIPTION = "slots";
    private static final int MESSAGE_BYTES = 1024;
    private static final int CREATED = 204;

    private final PulsarClient client;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI admin;
    private int topics;

    private RawBroker(PulsarClient client, URI admin) {
        this.client = client;
        this.admin = admin;
    }

    static RawBroker open(URI service, URI admin) throws PulsarClientException {
        PulsarClient client =
                PulsarClient.builder()
                        .serviceUrl(service.toString())
                        .loadConf(Map.of("statsIntervalSeconds", 0))
                        .build();
        RawBroker broker = new RawBroker(client, admin);
        broker.make("namespaces/" + NAMESPACE);
        return broker;
    }

    private void make(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(admin.resolve("/admin/v2/" + path))
                        .header("content-type", "application/json")
                        .PUT(BodyPublishers.noBody())
                        .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != CREATED) {
                throw new IllegalStateException("the broker did not make " + path + ": " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// A topic without a past.
    Topic topic() {
        String name = NAMESPACE + "/topic-" + topics++;
        make("persistent/" + name);
        return new Topic(client, "persistent://" + name);
    }

    /// What a request is on its way: about as many bytes.
    static byte[] message() {
        byte[] message = new byte[MESSAGE_BYTES];
        Arrays.fill(message, (byte) 'x');
        return message;
    }

    record Topic(PulsarClient client, String url) {
        Producer<byte[]> producer() throws PulsarClientException {
            return client.newProducer()
                    .topic(url)
                    .enableBatching(false)
                    .maxPendingMessages(0)
                    .create();
        }

        /// @param queueSize how many messages come before somebody asks for one; 0 as the platform
        Consumer<byte[]> consumer(int queueSize) throws PulsarClientException {
            return client.newConsumer()
                    .topic(url)
                    .subscriptionName(SUBSCRIPTION)
                    .subscriptionType(SubscriptionType.Shared)
                    .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                    .receiverQueueSize(queueSize)
                    .acknowledgmentGroupTime(0, TimeUnit.MILLISECONDS)
                    .subscribe();
        }
    }

    @Override
    public void close() throws PulsarClientException {
        http.close();
        client.close();
    }
}
