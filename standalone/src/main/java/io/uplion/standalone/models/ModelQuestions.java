// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import io.uplion.standalone.models.Discovery.Place;
import io.uplion.worker.network.AllowedNetworks;
import io.uplion.worker.network.PinnedHost;
import io.uplion.worker.network.PinnedHost.AddressException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// Asks servers which models they have. A question as a whole is bounded, in time and in size, and
/// goes where a worker may go: only its checked address is called.
final class ModelQuestions {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int MAX_BYTES = 4 << 20;

    private final Vertx vertx;
    private final AllowedNetworks networks;
    private final HttpClient client;

    /// Why there was no answer.
    ///
    /// @param absent nobody is there
    record Trouble(String words, boolean absent) {
        static Trouble of(Throwable failure) {
            return switch (failure) {
                case UnusableException known ->
                        new Trouble(String.valueOf(known.getMessage()), false);
                case AddressException address ->
                        new Trouble(String.valueOf(address.getMessage()), !address.isForbidden());
                case TimeoutException _ ->
                        new Trouble(
                                "it did not answer within " + PATIENCE.toSeconds() + " s", false);
                case ConnectException _ -> new Trouble("it refuses connections", true);
                case NoRouteToHostException _ -> new Trouble("there is no way to it", true);
                case SSLException _ -> new Trouble("no TLS connection can be made", false);
                default -> new Trouble("it broke the connection", false);
            };
        }
    }

    /// An answer that is none, in words.
    static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableException(String message) {
            super(message);
        }
    }

    ModelQuestions(Vertx vertx, AllowedNetworks networks) {
        this.vertx = vertx;
        this.networks = networks;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                // The question's own bound comes first, and says more.
                                .setConnectTimeout((int) PATIENCE.multipliedBy(2).toMillis())
                                .setKeepAlive(false));
    }

    /// @return the body of the answer; fails with what [Trouble] knows, after 3 s at the latest
    CompletableFuture<byte[]> ask(Place place) {
        CompletableFuture<byte[]> answer =
                new CompletableFuture<byte[]>()
                        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        new PinnedHost(place.baseUrl().getHost(), networks)
                .address()
                .whenComplete(
                        (address, failure) -> {
                            if (failure == null) {
                                vertx.runOnContext(_ -> open(place, address, answer));
                            } else {
                                answer.completeExceptionally(failure);
                            }
                        });
        return answer;
    }

    private void open(Place place, InetAddress address, CompletableFuture<byte[]> answer) {
        client.request(target(place, address))
                .onComplete(request -> send(request, answer), answer::completeExceptionally);
    }

    private static RequestOptions target(Place place, InetAddress address) {
        URI base = place.baseUrl();
        boolean tls = base.getScheme().equals("https");
        int port = base.getPort() >= 0 ? base.getPort() : (tls ? 443 : 80);
        RequestOptions target =
                new RequestOptions()
                        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                        .setHost(base.getHost())
                        .setPort(port)
                        .setSsl(tls)
                        .setURI(base.getRawPath() + "/models")
                        .putHeader("accept", "application/json")
                        .putHeader("user-agent", "uplion");
        place.key().ifPresent(key -> target.putHeader("authorization", "Bearer " + key.reveal()));
        return target;
    }

    private static void send(HttpClientRequest request, CompletableFuture<byte[]> answer) {
        // However a question fails, nothing more is read for it.
        answer.whenComplete(
                (_, failure) -> {
                    if (failure != null) {
                        request.reset();
                    }
                });
        if (!answer.isDone()) {
            request.exceptionHandler(answer::completeExceptionally);
            request.response()
                    .onComplete(response -> read(response, answer), answer::completeExceptionally);
            request.end();
        }
    }

    private static void read(HttpClientResponse response, CompletableFuture<byte[]> answer) {
        if (response.statusCode() != 200) {
            answer.completeExceptionally(
                    new UnusableException("it answered " + response.statusCode()));
            return;
        }
        Buffer body = Buffer.buffer();
        response.exceptionHandler(answer::completeExceptionally);
        response.handler(
                piece -> {
                    if (body.length() + piece.length() > MAX_BYTES) {
                        answer.completeExceptionally(
                                new UnusableException(
                                        "its answer is larger than " + (MAX_BYTES >> 20) + " MiB"));
                    } else {
                        body.appendBuffer(piece);
                    }
                });
        response.endHandler(_ -> answer.complete(body.getBytes()));
    }
}
