// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// A client of a broker's HTTP half, for tests that ask whether the broker does its work.
record PulsarHttp(String adminUrl) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    void createTopic(String topic, String subscription) {
        expectDone(send("PUT", "/admin/v2/persistent/" + topic, ""));
        expectDone(
                send(
                        "PUT",
                        "/admin/v2/persistent/" + topic + "/subscription/" + subscription,
                        "{\"ledgerId\":-1,\"entryId\":-1,\"partitionIndex\":-1}"));
    }

    /// @return the answer; its status is 200 when the broker has the message
    HttpResponse<String> produce(String topic, String text) {
        return send(
                "POST",
                "/topics/persistent/" + topic,
                "{\"producerName\":\"test\",\"messages\":[{\"payload\":\"" + text + "\"}]}");
    }

    /// The message at a place of a subscription's backlog, the first is 1; empty if there is none.
    String peek(String topic, String subscription, int position) {
        var path = "/admin/v2/persistent/%s/subscription/%s/position/%d";
        var answer = send("GET", path.formatted(topic, subscription, position), "");
        return answer.statusCode() == 200 ? answer.body() : "";
    }

    String get(String path) {
        return send("GET", path, "").body();
    }

    private static void expectDone(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(answer + " " + answer.body());
        }
    }

    private HttpResponse<String> send(String method, String path, String json) {
        var request =
                HttpRequest.newBuilder(URI.create(adminUrl + path))
                        .header("content-type", "application/json")
                        .method(method, BodyPublishers.ofString(json))
                        .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
