// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import io.uplion.openai.StreamChunk;
import io.uplion.worker.backend.Backend.Chunk;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Signal;
import java.util.List;
import java.util.function.Consumer;

/// A streamed answer, one token of every choice per step. The step after a choice's last token
/// finishes it, as the step in which an engine finds that it has nothing more to say.
final class SteppedStream implements StreamClock.Steps {
    private final Completion completion;
    private final AnswerFormat format;
    private final Consumer<Signal> signals;
    private final int last;
    private int step;
    private boolean stopped;

    SteppedStream(Completion completion, AnswerFormat format, Consumer<Signal> signals) {
        this.completion = completion;
        this.format = format;
        this.signals = signals;
        this.last = completion.steps();
    }

    /// The receiver of a signal may cancel, with signals of the same step still to come.
    void stop() {
        stopped = true;
    }

    @Override
    public boolean next() {
        List<Choice> choices = completion.choices();
        for (int index = 0; index < choices.size(); index++) {
            advance(index, choices.get(index));
        }
        if (step == last) {
            chunk(format.usage(completion));
            signal(new Ended());
        }
        return step++ < last;
    }

    private void advance(int index, Choice choice) {
        if (step == 0) {
            format.opening(index, choice).ifPresent(this::chunk);
        }
        int tokens = choice.pieces().size();
        if (step < tokens) {
            chunk(format.piece(index, choice, choice.pieces().get(step)));
        } else if (step == tokens) {
            chunk(format.finish(index, choice));
        }
    }

    private void chunk(byte[] data) {
        signal(new Chunk(StreamChunk.read(data).orElseThrow(), data));
    }

    private void signal(Signal signal) {
        if (!stopped) {
            signals.accept(signal);
        }
    }
}
