// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.load;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Opens streams, a connection each, without a thread each. Every event loop has its own client.
public final class StreamClient implements AutoCloseable {
    private static final int LOOPS = Math.min(2, Runtime.getRuntime().availableProcessors());

    private final Vertx vertx = Vertx.vertx();
    private final List<Loop> loops = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();

    private record Loop(Context context, HttpClient client) {}

    public StreamClient(int connections) {
        for (int i = 0; i < LOOPS; i++) {
            HttpClient client =
                    vertx.createHttpClient(
                            new HttpClientOptions().setConnectTimeout(30_000),
                            new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1));
            loops.add(new Loop(vertx.getOrCreateContext(), client));
        }
    }

    /// What happens on one stream, told on its event loop.
    public interface Listener {
        /// The connection is there and the request is about to be written.
        void sent();

        /// A token's event has arrived.
        void token(int number);

        /// A comment, as heartbeats are.
        void comment();

        /// The stream is over.
        ///
        /// @param whole it ended as it should, `[DONE]` included
        void ended(boolean whole, String how);
    }

    /// Runs something now and then.
    public void every(long millis, Runnable what) {
        vertx.setPeriodic(millis, _ -> what.run());
    }

    public void open(Target target, Listener listener) {
        Loop loop = loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
        loop.context().runOnContext(_ -> request(loop.client(), target, listener));
    }

    private static void request(HttpClient client, Target target, Listener listener) {
        Stream stream = new Stream(listener);
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(target.host())
                        .setPort(target.port())
                        .setURI(Target.PATH)
                        .putHeader("content-type", "application/json");
        if (!target.apiKey().isEmpty()) {
            options.putHeader("authorization", "Bearer " + target.apiKey());
        }
        client.request(options)
                .onSuccess(request -> stream.send(request, target))
                .onFailure(stream::broken);
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private static final class Stream implements EventReader.Sink {
        private static final int BODY_BYTES = 300;

        private final Listener listener;
        private final EventReader reader = new EventReader(this);
        private boolean done;
        private boolean over;

        Stream(Listener listener) {
            this.listener = listener;
        }

        void send(HttpClientRequest request, Target target) {
            request.response().onSuccess(this::answered).onFailure(this::broken);
            Buffer body = Buffer.buffer(target.body(true, BODY_BYTES));
            listener.sent();
            request.end(body).onFailure(this::broken);
        }

        private void answered(HttpClientResponse response) {
            if (response.statusCode() != 200) {
                end(false, "status " + response.statusCode());
                response.resume();
                return;
            }
            response.handler(piece -> reader.feed(piece.getBytes()));
            response.exceptionHandler(this::broken);
            response.endHandler(_ -> end(done, "the stream ended without [DONE]"));
        }

        private void broken(Throwable failure) {
            end(false, failure.toString());
        }

        private void end(boolean whole, String how) {
            if (!over) {
                over = true;
                listener.ended(whole, how);
            }
        }

        @Override
        public void token(int number) {
            listener.token(number);
        }

        @Override
        public void comment() {
            listener.comment();
        }

        @Override
        public void done() {
            done = true;
        }
    }
}
