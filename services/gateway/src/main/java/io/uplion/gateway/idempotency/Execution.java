// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.gateway.relay.Witness;
import io.uplion.openai.OpenAiError;
import io.vertx.core.internal.ContextInternal;

/// The one request that runs under a key: what its client is told is recorded, and at its end kept
/// for those who ask again. Lives on the client's event loop.
final class Execution implements Witness {
    private final Claim claim;
    private final String request;
    private final ContextInternal loop;
    private final Executions executions;
    private final Recording recording;
    private boolean ended;

    /// @param request its id, as its client is told
    Execution(Claim claim, String request, ContextInternal loop, Executions executions) {
        this.claim = claim;
        this.request = request;
        this.loop = loop;
        this.executions = executions;
        this.recording = new Recording(executions.memory());
    }

    @Override
    public void frame(byte[] frame) {
        if (!ended) {
            recording.add(frame);
        }
    }

    /// The client is told its end only when the answer is kept: who has seen a whole answer gets it
    /// again.
    @Override
    public void streamed(Runnable then) {
        if (ended) {
            then.run();
        } else if (recording.isWhole()) {
            end(new Outcome.Streamed(request, recording.bytes()), then);
        } else {
            end(new Outcome.NotKept(), then);
        }
    }

    @Override
    public void whole(int status, String contentType, byte[] body, Runnable then) {
        if (ended) {
            then.run();
            return;
        }
        recording.add(body);
        if (recording.isWhole()) {
            end(new Outcome.Whole(request, status, contentType, body), then);
        } else {
            end(new Outcome.NotKept(), then);
        }
    }

    @Override
    public void refused(int status, String contentType, byte[] body) {
        if (ended) {
            return;
        }
        recording.forget();
        recording.add(body);
        if (recording.isWhole()) {
            end(new Outcome.Refused(status, contentType, body), () -> {});
        } else {
            abandoned();
        }
    }

    @Override
    public void failed(OpenAiError error) {
        if (!ended) {
            recording.forget();
            end(new Outcome.Failed(error), () -> {});
        }
    }

    @Override
    public void abandoned() {
        failed(KeyErrors.unfinished());
    }

    private void end(Outcome outcome, Runnable then) {
        ended = true;
        long taken = recording.taken();
        Held held = new Held(outcome, () -> executions.memory().giveBack(taken));
        executions.end(claim, held, () -> loop.emit(_ -> then.run()));
    }
}
