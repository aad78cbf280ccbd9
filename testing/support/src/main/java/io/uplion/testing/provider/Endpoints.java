// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.uplion.testing.provider.Scripts.Prepared;
import io.uplion.testing.provider.Trouble.Substitute;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// The endpoints, and the order of decisions: path, body, script, key, trouble, answer.
final class Endpoints {
    private final Scripts scripts;
    private final Recording recording;
    private final Loop loop;

    Endpoints(Scripts scripts, Recording recording, Loop loop) {
        this.scripts = scripts;
        this.recording = recording;
        this.loop = loop;
    }

    void answer(Exchange exchange) {
        exchange.response()
                .putHeader("x-request-id", "req_fake_" + exchange.serial())
                .putHeader("openai-version", "2020-10-01");
        String path = exchange.path();
        switch (path) {
            case "/v1/chat/completions", "/v1/completions", "/v1/embeddings" -> post(exchange);
            case "/v1/models" -> list(exchange, ModelList.of(scripts.names()));
            case "/fake/calls" -> list(exchange, CallList.of(recording));
            default -> refuse(exchange, 404, "Invalid URL (" + path + ")");
        }
    }

    private void list(Exchange exchange, String list) {
        if (!exchange.request().method().equals(HttpMethod.GET)) {
            refuse(exchange, 405, "Not allowed to do that here.");
            return;
        }
        new WholeSender(exchange, loop.wheel()).send(Buffer.buffer(list), 0, new Trouble.None());
    }

    private void post(Exchange exchange) {
        if (!exchange.request().method().equals(HttpMethod.POST)) {
            refuse(exchange, 405, "Not allowed to do that here.");
            return;
        }
        try {
            Asked asked = AskedReader.read(exchange.body().getBytes());
            exchange.asked(asked.model(), asked.user());
            if (asked.model().isEmpty()) {
                refuse(exchange, 400, "you must provide a model parameter");
            } else {
                scripted(exchange, asked, scripts.of(asked.model()));
            }
        } catch (BadScript e) {
            refuse(exchange, 400, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            refuse(exchange, 400, "We could not parse the JSON body of your request.");
        }
    }

    private void scripted(Exchange exchange, Asked asked, Prepared prepared) {
        Optional<String> key = prepared.script().trigger().key();
        String authorization = exchange.request().getHeader("authorization");
        if (key.isPresent() && !("Bearer " + key.get()).equals(authorization)) {
            new WholeSender(exchange, loop.wheel()).refuse(401, Refusals.body(401, "", ""));
            return;
        }
        Answering answering = new Answering(exchange, asked, prepared, loop);
        Trouble trouble = prepared.nextTrouble();
        Runnable answer = () -> loop.context().runOnContext(_ -> respond(answering, trouble));
        if (scripts.holdsBack(asked.model(), answer)) {
            return;
        }
        long headersNanos = prepared.script().pace().headersNanos();
        if (headersNanos > 0) {
            long due = exchange.startNanos() + headersNanos;
            loop.wheel().at(due, () -> respond(answering, trouble));
        } else {
            respond(answering, trouble);
        }
    }

    private void respond(Answering answering, Trouble trouble) {
        Exchange exchange = answering.exchange();
        if (exchange.over()) {
            return;
        }
        WholeSender sender = new WholeSender(exchange, loop.wheel());
        switch (trouble) {
            case Trouble.Refuse(int status, String code, Duration retryAfter) -> {
                retryAfter(exchange, retryAfter);
                sender.refuse(status, Refusals.body(status, code, answering.asked().model()));
            }
            case Trouble.Redirect(int status) -> {
                exchange.response().putHeader("location", "/redirected");
                sender.refuse(status, "");
            }
            case Trouble.Instead(Substitute substitute) -> instead(sender, substitute);
            case Trouble.None _, Trouble.AtEvent _ -> answering.answer(trouble);
        }
    }

    private static void instead(WholeSender sender, Substitute substitute) {
        switch (substitute) {
            case HTML -> sender.wrong("text/html", "<html><body>It works!</body></html>");
            case BROKEN_JSON -> sender.wrong("application/json", "{\"id\":\"chatcmpl-fake\",\"cho");
            case SILENCE -> {}
        }
    }

    /// Whole seconds, rounded up, and the exact value in milliseconds, as OpenAI sends both.
    private static void retryAfter(Exchange exchange, Duration delay) {
        if (delay.isPositive()) {
            long seconds = delay.plusMillis(999).toSeconds();
            exchange.response()
                    .putHeader("retry-after", Long.toString(seconds))
                    .putHeader("retry-after-ms", Long.toString(delay.toMillis()));
        }
    }

    private void refuse(Exchange exchange, int status, String message) {
        new WholeSender(exchange, loop.wheel()).refuse(status, Refusals.invalidRequest(message));
    }
}
