// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.uplion.testing.provider.Trouble.Fault;
import io.vertx.core.buffer.Buffer;

/// Sends an answer in one piece, or breaks it in the way the script wants.
final class WholeSender {
    private static final String JSON = "application/json";

    private final Exchange exchange;
    private final TickWheel wheel;

    WholeSender(Exchange exchange, TickWheel wheel) {
        this.exchange = exchange;
        this.wheel = wheel;
    }

    void send(Buffer answer, int tokens, Trouble trouble) {
        if (exchange.over()) {
            return;
        }
        switch (trouble) {
            case Trouble.AtEvent(Fault fault, int event) -> broken(answer, fault, event);
            default -> {
                exchange.sent(tokens);
                head(200, JSON);
                exchange.end(Ending.COMPLETED, answer);
            }
        }
    }

    void refuse(int status, String body) {
        head(status, JSON);
        exchange.end(Ending.FAILED_ON_PURPOSE, Buffer.buffer(body));
    }

    void wrong(String contentType, String body) {
        head(200, contentType);
        exchange.end(Ending.FAILED_ON_PURPOSE, Buffer.buffer(body));
    }

    /// Streams break at an event; an answer without events breaks in its middle, or before its head
    /// where the event is the first.
    private void broken(Buffer answer, Fault fault, int event) {
        switch (fault) {
            case ERROR -> wrong(JSON, Refusals.body(500, "", ""));
            case MALFORMED -> {
                head(200, JSON);
                exchange.end(Ending.FAILED_ON_PURPOSE, answer.slice(0, answer.length() / 2));
            }
            case RESET -> {
                half(answer, event);
                wheel.after(
                        StreamSender.SETTLE_NANOS,
                        () -> {
                            exchange.finish(Ending.FAILED_ON_PURPOSE);
                            Connections.reset(exchange.request());
                        });
            }
            case CLOSE, HANG_UP -> {
                half(answer, event);
                exchange.finish(Ending.FAILED_ON_PURPOSE);
                Connections.hangUp(exchange.request());
            }
            case STALL -> half(answer, event);
        }
    }

    private void half(Buffer answer, int event) {
        if (event > 0) {
            head(200, JSON);
            exchange.response().putHeader("content-length", Integer.toString(answer.length()));
            exchange.response().write(answer.slice(0, answer.length() / 2));
        }
    }

    private void head(int status, String contentType) {
        exchange.response().setStatusCode(status).putHeader("content-type", contentType);
    }
}
