// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import io.uplion.standalone.distributed.process.ProcessException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/// Our tenant and its namespaces. A topic in them keeps what its subscriptions have not
/// acknowledged, however long that takes: no time to live is set.
///
/// Over HTTP by hand: the shaded client for this API and the one for messages contain each other,
/// and cannot stand on one class path.
final class PulsarNamespaces {
    private static final List<String> NAMES =
            List.of("uplion/tasks", "uplion/dead", "uplion/system");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int CONFLICT = 409;

    private final URI admin;
    private final HttpClient http;

    private PulsarNamespaces(URI admin, HttpClient http) {
        this.admin = admin;
        this.http = http;
    }

    /// Leaves alone what is there already.
    static void make(String adminUrl) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            PulsarNamespaces admin = new PulsarNamespaces(URI.create(adminUrl), http);
            admin.put("tenants/uplion", "{\"allowedClusters\":[\"standalone\"]}");
            for (String name : NAMES) {
                admin.put("namespaces/" + name, "{}");
            }
        }
    }

    private void put(String path, String json) {
        HttpRequest request =
                HttpRequest.newBuilder(admin.resolve("/admin/v2/" + path))
                        .timeout(LIMIT)
                        .header("content-type", "application/json")
                        .PUT(BodyPublishers.ofString(json))
                        .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2 && answer.statusCode() != CONFLICT) {
                throw new ProcessException(
                        "Pulsar refused to make %s: %d %s"
                                .formatted(path, answer.statusCode(), answer.body()));
            }
        } catch (IOException e) {
            throw new ProcessException("Pulsar did not make " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessException("interrupted while Pulsar made " + path, e);
        }
    }
}
