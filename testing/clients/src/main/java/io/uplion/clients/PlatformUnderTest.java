// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients;

import io.uplion.testing.platform.Platform;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.provider.Served;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// What clients are given, and what can be seen of them on the other side.
public final class PlatformUnderTest implements AutoCloseable {
    private final Platform platform;

    PlatformUnderTest(Platform platform) {
        this.platform = platform;
    }

    /// For example `http://127.0.0.1:40123/v1`, what every client calls its base URL.
    public String baseUrl() {
        return platform.url() + "/v1";
    }

    public String apiKey() {
        return platform.apiKey();
    }

    /// The requests that the provider has answered, oldest first.
    public List<Served> served(String model) {
        return platform.provider().served(model);
    }

    /// The body of the newest request that the provider got for the model.
    public String lastBody(String model) {
        return served(model).getLast().received().body().toString(StandardCharsets.UTF_8);
    }

    public int inFlight() {
        return platform.provider().inFlight();
    }

    /// The client of the newest request for the model has gone: within 2 s nobody works for it any
    /// more.
    public void awaitGone(String model) {
        Await.until(
                "the provider sees that the client for " + model + " is gone",
                Duration.ofSeconds(2),
                () -> inFlight() == 0 && newestIsGone(model));
    }

    private boolean newestIsGone(String model) {
        List<Served> served = served(model);
        return !served.isEmpty() && served.getLast().ending() == Ending.CLIENT_GONE;
    }

    /// How many errors with this code the gateway has answered, to any client.
    public long answered(String errorCode) {
        String label = "uplion_gateway_errors_total{code=\"" + errorCode + "\"}";
        return metrics()
                .lines()
                .filter(line -> line.startsWith(label))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(label.length())))
                .sum();
    }

    private String metrics() {
        URI uri = URI.create("http://127.0.0.1:" + platform.managementPort() + "/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        platform.close();
    }
}
