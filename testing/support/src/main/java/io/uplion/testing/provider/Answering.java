// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.uplion.testing.provider.Scripts.Prepared;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/// A request that gets an answer, if perhaps a broken one.
record Answering(Exchange exchange, Asked asked, Prepared prepared, Loop loop) {

    void answer(Trouble trouble) {
        Script script = prepared.script();
        switch (exchange.path()) {
            case "/v1/embeddings" -> {
                byte[] body =
                        new Embeddings(asked, script).whole().getBytes(StandardCharsets.UTF_8);
                later(Buffer.buffer(body), 0, trouble);
            }
            case "/v1/completions" -> generate(Envelope.Kind.COMPLETION, trouble);
            default -> generate(Envelope.Kind.CHAT, trouble);
        }
    }

    private void generate(Envelope.Kind kind, Trouble trouble) {
        Script script = prepared.script();
        Envelope envelope = new Envelope(kind, asked, script, exchange.serial());
        if (asked.mode().stream()) {
            Script now =
                    new Script(
                            script.content(),
                            script.pace(),
                            script.frames(),
                            trouble,
                            script.trigger());
            new StreamSender(exchange, new StreamPlan(envelope), now, loop).start();
        } else {
            whole(envelope, trouble);
        }
    }

    private void whole(Envelope envelope, Trouble trouble) {
        byte[] middle = null;
        int tokens = 0;
        boolean constant = constant(envelope);
        if (constant) {
            middle = prepared.rendered();
            tokens = ((Script.Text.Numbered) prepared.script().content().text()).tokens();
        }
        if (middle == null) {
            Choices choices = envelope.choices();
            tokens = choices.tokens().count() * asked.choices();
            middle = envelope.wholeMiddle(choices);
            if (constant) {
                prepared.remember(middle);
            }
        }
        byte[] start = envelope.wholeStart();
        byte[] usage = envelope.wholeUsage(tokens);
        byte[] end = envelope.wholeEnd();
        Buffer answer =
                Buffer.buffer(start.length + middle.length + usage.length + end.length)
                        .appendBytes(start)
                        .appendBytes(middle)
                        .appendBytes(usage)
                        .appendBytes(end);
        later(answer, tokens, trouble);
    }

    /// Whether the request leaves the answer as the script alone makes it, so that the rendering of
    /// an earlier one serves.
    private boolean constant(Envelope envelope) {
        return envelope.kind() == Envelope.Kind.CHAT
                && prepared.script().content().text() instanceof Script.Text.Numbered numbered
                && numbered.mark().isEmpty()
                && asked.mode().limit() >= numbered.tokens()
                && asked.choices() == 1;
    }

    private void later(Buffer answer, int tokens, Trouble trouble) {
        WholeSender sender = new WholeSender(exchange, loop.wheel());
        Script.Pace pace = prepared.script().pace();
        long due = exchange.startNanos() + pace.ttftNanos();
        if (pace.ttftNanos() > 0 && due - System.nanoTime() > 0) {
            loop.wheel().at(due, () -> sender.send(answer, tokens, trouble));
        } else {
            sender.send(answer, tokens, trouble);
        }
    }
}
