// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.attempt;

import io.uplion.openai.SseFrames;
import io.uplion.openai.WholeAnswer;
import io.uplion.task.FromWorker;
import io.uplion.task.Task;
import io.uplion.worker.backend.Backend;
import java.util.Optional;

/// What a backend says in the words that the client is to hear, and what it used.
final class Wording {
    private final Task task;
    private final Prompt prompt;
    private final UsageMeter meter = new UsageMeter();

    Wording(Task task, Prompt prompt) {
        this.task = task;
        this.prompt = prompt;
    }

    /// @return nothing where the client hears nothing of it: a count it did not ask for, or one
    ///   that makes no sense
    Optional<FromWorker.Event> of(Backend.Chunk chunk) {
        meter.chunk(chunk.content());
        boolean counted = prompt.wantsUsage() && chunk.content().usage().isPresent();
        if (chunk.content().isUsageOnly() && !counted) {
            return Optional.empty();
        }
        byte[] data = counted ? chunk.data() : chunk.content().withoutUsage(chunk.data());
        return Optional.of(new FromWorker.Event(SseFrames.data(data), chunk.content().produced()));
    }

    FromWorker.Answer of(Backend.Whole whole) {
        whole.content().ifPresent(meter::whole);
        byte[] answer =
                whole.content()
                        .filter(WholeAnswer::isMiscounted)
                        .map(content -> recounted(content, whole.body()))
                        .orElse(whole.body());
        return new FromWorker.Answer(whole.status(), whole.contentType(), answer);
    }

    private byte[] recounted(WholeAnswer content, byte[] answer) {
        return content.withUsage(answer, UsageMeter.object(count(true).tokens()));
    }

    /// The usage that the client asked for and the provider did not give.
    Optional<FromWorker.Event> missingUsage() {
        return prompt.wantsUsage() && !meter.isReported()
                ? Optional.of(
                        new FromWorker.Event(
                                SseFrames.data(UsageMeter.chunk(task, count(true).tokens())), 0))
                : Optional.empty();
    }

    /// @param complete the answer came to its end
    UsageMeter.Count count(boolean complete) {
        return meter.count(prompt::tokens, prompt.mostOutput(), complete);
    }
}
