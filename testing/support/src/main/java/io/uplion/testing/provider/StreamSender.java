// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.uplion.testing.provider.Trouble.Fault;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// Sends a plan's events, each at its time and as a write of its own.
///
/// Times are counted from the request, not from the event before, so a late event does not delay
/// the rest. A slow reader does: nothing is written while its queue is full.
final class StreamSender implements Runnable {
    /// How long bytes get to be read before a reset, which would take unread ones with it.
    static final long SETTLE_NANOS = 20_000_000;

    private static final int PIECE = 3;

    private final Exchange exchange;
    private final StreamPlan plan;
    private final Script script;
    private final Trouble trouble;
    private final TickWheel wheel;
    private final Context context;
    private final long firstNanos;
    private final Deque<Buffer> pieces = new ArrayDeque<>();
    private int next;

    /// @param script with the trouble of this very request
    StreamSender(Exchange exchange, StreamPlan plan, Script script, Loop loop) {
        this.exchange = exchange;
        this.plan = plan;
        this.script = script;
        this.trouble = script.trouble();
        this.wheel = loop.wheel();
        this.context = loop.context();
        this.firstNanos =
                exchange.startNanos()
                        + Math.max(script.pace().ttftNanos(), script.pace().headersNanos());
    }

    void start() {
        HttpServerResponse response = exchange.response();
        response.putHeader("content-type", "text/event-stream; charset=utf-8")
                .putHeader("cache-control", "no-cache")
                .setChunked(true);
        response.writeHead();
        run();
    }

    @Override
    public void run() {
        while (!exchange.over()) {
            if (exchange.response().writeQueueFull()) {
                exchange.response().drainHandler(_ -> run());
                return;
            }
            if (!pieces.isEmpty()) {
                exchange.response().write(pieces.poll());
                context.runOnContext(_ -> run());
                return;
            }
            if (next == plan.size()) {
                exchange.end(Ending.COMPLETED, Buffer.buffer());
                return;
            }
            long due = dueNanos(next);
            if (due - System.nanoTime() > 0) {
                wheel.at(due, this);
                return;
            }
            if (!event()) {
                return;
            }
        }
    }

    private long dueNanos(int event) {
        return firstNanos + plan.step(event) * script.pace().intervalNanos();
    }

    /// Sends the next event, or what stands in its place.
    ///
    /// @return whether the stream goes on
    private boolean event() {
        if (trouble instanceof Trouble.AtEvent(Fault fault, int index) && index == next) {
            return fault(fault);
        }
        if (script.frames().burst()) {
            burst();
            return true;
        }
        int event = next++;
        count(event);
        Buffer frame = frame(plan.data(event));
        if (next == plan.size() && !script.frames().split()) {
            exchange.end(Ending.COMPLETED, frame);
            return false;
        }
        write(frame);
        return true;
    }

    private void burst() {
        Buffer frames = Buffer.buffer();
        long now = System.nanoTime();
        while (next < plan.size() && dueNanos(next) - now <= 0 && !troubled(next)) {
            count(next);
            frames.appendBuffer(frame(plan.data(next++)));
        }
        write(frames);
    }

    private boolean troubled(int event) {
        return trouble instanceof Trouble.AtEvent(_, int index) && index == event;
    }

    private void count(int event) {
        exchange.sent(plan.isToken(event) ? 1 : 0);
    }

    private boolean fault(Fault fault) {
        switch (fault) {
            case MALFORMED -> {
                String data = plan.data(next++);
                write(frame(data.substring(0, data.length() / 2)));
                return true;
            }
            case ERROR -> exchange.end(Ending.FAILED_ON_PURPOSE, frame(Refusals.body(500, "", "")));
            case CLOSE -> exchange.end(Ending.FAILED_ON_PURPOSE, Buffer.buffer());
            case HANG_UP -> wheel.after(SETTLE_NANOS, () -> end(Connections::hangUp));
            case RESET -> wheel.after(SETTLE_NANOS, () -> end(Connections::reset));
            case STALL -> {}
        }
        return false;
    }

    private void end(Consumer<HttpServerRequest> how) {
        if (!exchange.over()) {
            exchange.finish(Ending.FAILED_ON_PURPOSE);
            how.accept(exchange.request());
        }
    }

    private void write(Buffer frame) {
        if (!script.frames().split()) {
            exchange.response().write(frame);
            return;
        }
        for (int from = 0; from < frame.length(); from += PIECE) {
            pieces.add(frame.slice(from, Math.min(from + PIECE, frame.length())));
        }
    }

    private Buffer frame(String data) {
        String newline = script.frames().crlf() ? "\r\n" : "\n";
        String comment = script.frames().comments() ? ": ping" + newline + newline : "";
        String text = comment + "data: " + data + newline + newline;
        return Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
