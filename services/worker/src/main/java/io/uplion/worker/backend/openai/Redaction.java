// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import io.uplion.task.FromWorker.Failure;
import io.uplion.worker.backend.Backend.Chunk;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Failed;
import io.uplion.worker.backend.Backend.Signal;
import io.uplion.worker.backend.Backend.Trouble;
import io.uplion.worker.backend.Backend.Whole;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Takes our key out of what a provider says when it refuses: its words go to clients, to logs and
/// into the status of the pool.
record Redaction(Optional<String> key) {
    static final Redaction NONE = new Redaction(Optional.empty());

    private static final String REDACTED = "[REDACTED]";

    Signal of(Signal signal) {
        if (key.isEmpty()) {
            return signal;
        }
        return switch (signal) {
            case Chunk _, Ended _ -> signal;
            case Whole whole -> whole.content().isPresent() ? whole : refusal(whole);
            case Trouble trouble ->
                    new Trouble(
                            trouble.status(),
                            trouble.reason(),
                            trouble.retryAfter(),
                            of(trouble.message()));
            case Failed(Failure failure) ->
                    new Failed(
                            new Failure(failure.kind(), of(failure.message()), failure.status()));
        };
    }

    private Whole refusal(Whole whole) {
        String body = new String(whole.body(), StandardCharsets.UTF_8);
        return new Whole(
                whole.status(),
                whole.contentType(),
                of(body).getBytes(StandardCharsets.UTF_8),
                whole.content());
    }

    private String of(String words) {
        return key.map(secret -> words.replace(secret, REDACTED)).orElse(words);
    }
}
