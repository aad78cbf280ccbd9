// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http2Test {
    private final FakeProvider provider = FakeProvider.start();
    private final Vertx vertx = Vertx.vertx();

    /// Held, because Vert.x closes a client that is collected.
    private final List<HttpClientAgent> clients = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        done(vertx.close());
        provider.close();
    }

    private HttpClientAgent client(boolean upgrade) {
        var options =
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(upgrade);
        clients.add(vertx.createHttpClient(options));
        return clients.getLast();
    }

    private HttpClientRequest request(boolean upgrade) throws Exception {
        return done(
                client(upgrade).request(HttpMethod.POST, provider.port(), "127.0.0.1", Call.CHAT));
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void streamsInClearText(boolean upgrade) throws Exception {
        var body =
                request(upgrade)
                        .send(Buffer.buffer(Call.body("fake;tokens=3", ",\"stream\":true")))
                        .compose(HttpClientResponse::body);

        assertThat(done(body).toString()).contains("\" t2\"").endsWith("data: [DONE]\n\n");
    }

    @Test
    void cutResetsTheStreamOnly() throws Exception {
        var body =
                request(false)
                        .send(Buffer.buffer(Call.body("fake;cut=3", ",\"stream\":true")))
                        .compose(HttpClientResponse::body);

        assertThatThrownBy(() -> done(body)).hasRootCauseInstanceOf(StreamResetException.class);
    }

    @Test
    void clientThatResetsItsStreamIsSeen() throws Exception {
        var request = request(false);
        var answer = Buffer.buffer(Call.body("fake;silent-after=2", ",\"stream\":true"));
        done(request.send(answer));
        provider.awaitInFlight(1, Duration.ofSeconds(20));
        request.reset(8);

        var served = provider.awaitServed(1, Duration.ofSeconds(20)).getFirst();
        assertThat(served.ending()).isEqualTo(Ending.CLIENT_GONE);
        assertThat(served.tokens()).isEqualTo(1);
    }
}
