// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.uplion.catalog.AIModel;
import io.uplion.openai.OpenAiError;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.Task;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What has been tried for one task, and what came of it. Lives on the client's event loop.
final class Attempts {
    private static final int HAND_BACKS = 3;

    private final Task task;
    private @Nullable String failedWorker;
    private @Nullable Failure lastFailure;
    private boolean preferredOther;
    private int count;
    private int handBacks;
    private int grants;
    private long grantedAt;

    /// Of the last attempt.
    private @Nullable AIModel pool;

    /// One word of ours for what went wrong. Never a provider's words: they may quote the request.
    private String cause = "";

    Attempts(Task task) {
        this.task = task;
    }

    /// How many were granted and not handed back; also the number of the last one.
    int count() {
        return count;
    }

    /// Of the last attempt; empty where there was none.
    String poolName() {
        return pool == null ? "" : pool.name();
    }

    /// Of the last attempt, which there must be.
    AIModel pool() {
        return Objects.requireNonNull(pool, "nobody has the grant");
    }

    String cause() {
        return cause;
    }

    /// By [System#nanoTime].
    long grantedAt() {
        return grantedAt;
    }

    Duration ran() {
        return Duration.ofNanos(System.nanoTime() - grantedAt);
    }

    /// @param its pool
    /// @return the attempt's number
    int granted(AIModel its) {
        pool = its;
        grantedAt = System.nanoTime();
        preferredOther = false;
        grants++;
        return ++count;
    }

    /// Whether no other was granted before, also none that was handed back.
    boolean isFirst() {
        return grants == 1;
    }

    /// @param begun its client has heard of it
    Optional<Failure> overdue(WaitingRequest.Bounds bounds, long now, boolean begun) {
        return bounds.broken(now - grantedAt, !begun && task.stream())
                .map(why -> Failure.of(Failure.Kind.TIMEOUT, why));
    }

    /// It comes to nothing, for a reason that is no attempt's failure.
    void because(String why) {
        cause = why;
    }

    /// @param begun its client has heard of it: there will be no other
    void failed(AttemptStream stream, Failure failure, boolean begun) {
        cause = RequestLog.cause(failure);
        if (!begun) {
            failedWorker = stream.workerName();
            lastFailure = failure;
        }
    }

    /// It does not count: the pool is in trouble.
    ///
    /// @return whether this task has found so much of it that the trouble may be its own
    boolean handedBack(String reason) {
        cause = reason;
        count--;
        handBacks++;
        return handBacks >= HAND_BACKS;
    }

    /// Whether to wait for another worker than this one, which has just failed; once.
    boolean passesOver(AttemptStream stream, KnownWorkers workers) {
        boolean pass =
                !preferredOther
                        && stream.workerName().equals(failedWorker)
                        && workers.hasOther(task.model(), stream.workerName());
        preferredOther |= pass;
        return pass;
    }

    /// What to tell one whose time is over: the time was spent on attempts that failed.
    ///
    /// @return nothing where it was spent waiting
    Optional<OpenAiError> inVain() {
        return Optional.ofNullable(lastFailure)
                .map(failure -> FailureAnswer.exhausted(task, failure, count));
    }
}
