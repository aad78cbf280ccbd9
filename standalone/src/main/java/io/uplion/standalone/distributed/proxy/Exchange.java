// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.uplion.gateway.http.BareAnswer;
import io.uplion.openai.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One request on its way to a gateway or the portal, and the answer on its way back. Lives on the
/// client's event loop.
final class Exchange {
    /// Nobody counts what the proxy answers itself.
    static final BareAnswer BARE = new BareAnswer(_ -> {});

    private static final Duration COME_AGAIN = Duration.ofSeconds(1);
    private static final Set<HttpMethod> WITHOUT_BODY =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final HttpServerRequest request;
    private final ClientLeg client;
    private final ProxyLoop loop;
    private final Gateways to;
    private @Nullable HttpClientRequest upstream;

    /// Nothing that either side does matters any more.
    private boolean over;

    /// @param to one of them
    Exchange(HttpServerRequest request, ProxyLoop loop, Gateways to) {
        this.request = request;
        this.client = new ClientLeg(request);
        this.loop = loop;
        this.to = to;
    }

    void begin() {
        loop.running().add(this);
        request.pause();
        request.exceptionHandler(this::clientBroke);
        request.response().exceptionHandler(this::clientBroke);
        request.response().closeHandler(_ -> clientGone());
        connect(to.inTurn());
    }

    /// As long as there is no connection, nothing was sent: another gateway can have the request.
    private void connect(Iterator<Upstream> left) {
        if (!left.hasNext()) {
            finish();
            ProxyAnswers.error(
                    request,
                    ErrorCode.GATEWAY_UNAVAILABLE
                            .error("Nobody is ready to answer this; try again shortly.")
                            .retryAfter(COME_AGAIN));
            return;
        }
        Upstream next = left.next();
        RequestOptions options =
                new RequestOptions()
                        .setHost(next.url().getHost())
                        .setPort(next.url().getPort())
                        .setMethod(request.method())
                        .setURI(request.uri());
        loop.http()
                .request(options)
                .onComplete(
                        this::send,
                        _ -> {
                            to.mark(next, false);
                            if (!over) {
                                connect(left);
                            }
                        });
    }

    private void send(HttpClientRequest to) {
        if (over) {
            to.reset();
            return;
        }
        upstream = to;
        EndToEndHeaders.copy(request.headers(), to.headers());
        EndToEndHeaders.forwarded(request, to.headers());
        if (request.authority() != null) {
            to.authority(request.authority());
        }
        // What goes wrong with the request is told by its response.
        to.exceptionHandler(_ -> {});
        to.continueHandler(_ -> request.response().writeContinue());
        to.response().onComplete(this::answered, _ -> upstreamLost());
        if (hasBody()) {
            to.setChunked(!to.headers().contains(HttpHeaders.CONTENT_LENGTH));
            to.writeHead();
            request.handler(piece -> pass(piece, to));
            request.endHandler(_ -> to.end());
        } else {
            to.end();
        }
        request.resume();
    }

    private boolean hasBody() {
        if (request.version() == HttpVersion.HTTP_2) {
            return !WITHOUT_BODY.contains(request.method());
        }
        return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    private void pass(Buffer piece, HttpClientRequest to) {
        to.write(piece);
        if (to.writeQueueFull()) {
            request.pause();
            to.drainHandler(_ -> request.resume());
        }
    }

    private void answered(HttpClientResponse from) {
        if (over) {
            return;
        }
        from.exceptionHandler(_ -> upstreamLost());
        from.handler(
                piece -> {
                    client.write(piece);
                    if (client.isFull()) {
                        from.pause();
                        client.whenEmptier(from::resume);
                    }
                });
        from.endHandler(_ -> upstreamDone());
        client.begin(from);
    }

    private void upstreamDone() {
        if (over) {
            return;
        }
        over = true;
        client.end().onComplete(_ -> loop.running().remove(this));
        if (!request.isEnded() && upstream != null) {
            // Nobody wants the rest of the body, and the connection is of no more use.
            upstream.reset();
        }
    }

    private void upstreamLost() {
        if (over) {
            return;
        }
        if (client.hasBegun()) {
            over = true;
            client.breakOff().onComplete(_ -> loop.running().remove(this));
        } else {
            finish();
            ProxyAnswers.error(
                    request,
                    ErrorCode.GATEWAY_LOST.error(
                            "The gateway was lost before it answered; the request may have been"
                                    + " worked on."));
        }
    }

    /// The client has gone, or has not kept to HTTP in the middle of its body.
    private void clientBroke(Throwable failure) {
        if (!over && !request.isEnded()) {
            BARE.brokenBody(request, failure);
        }
        clientGone();
    }

    private void clientGone() {
        if (!over) {
            finish();
        }
        loop.running().remove(this);
    }

    private void finish() {
        over = true;
        loop.running().remove(this);
        if (upstream != null) {
            upstream.reset();
        }
    }

    /// Cuts off a client that takes nothing.
    void cutIfStalled(long now, Duration limit) {
        if (client.isStalled(now, limit)) {
            finish();
            client.cut();
        }
    }
}
