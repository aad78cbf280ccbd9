// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

import io.uplion.openai.TokenUsage;
import io.uplion.task.FromWorker;
import io.uplion.task.wire.v1.WorkerMessage;
import java.util.Optional;

/// What a worker says, written and read.
final class WorkerWords {
    private static final int CONTENT_TYPE_LENGTH = 1000;
    private static final WorkerMessage ACCOUNTS =
            WorkerMessage.newBuilder()
                    .setAccounts(WorkerMessage.Accounts.getDefaultInstance())
                    .build();

    private WorkerWords() {}

    static WorkerMessage write(FromWorker message) {
        return switch (message) {
            case FromWorker.Event event -> event(event);
            case FromWorker.Answer answer ->
                    WorkerMessage.newBuilder().setAnswer(answer(answer)).build();
            case FromWorker.Accounts() -> ACCOUNTS;
            case FromWorker.End(TokenUsage used) -> end(used);
            case FromWorker.Failed(FromWorker.Failure failure) ->
                    WorkerMessage.newBuilder().setFailed(failed(failure)).build();
            case FromWorker.PoolTrouble trouble ->
                    WorkerMessage.newBuilder().setPoolTrouble(trouble(trouble)).build();
        };
    }

    private static WorkerMessage event(FromWorker.Event event) {
        return WorkerMessage.newBuilder()
                .setEvent(
                        WorkerMessage.Event.newBuilder()
                                .setFrame(Fields.of(event.frame()))
                                .setProduced(event.produced()))
                .build();
    }

    private static WorkerMessage end(TokenUsage used) {
        WorkerMessage.End.Builder end = WorkerMessage.End.newBuilder();
        if (!used.equals(TokenUsage.NONE)) {
            end.getUsedBuilder()
                    .setInput(used.input())
                    .setCachedInput(used.cachedInput())
                    .setOutput(used.output())
                    .setReasoning(used.reasoning())
                    .setAudioInput(used.audioInput())
                    .setAudioOutput(used.audioOutput());
        }
        return WorkerMessage.newBuilder().setEnd(end).build();
    }

    private static WorkerMessage.Answer answer(FromWorker.Answer answer) {
        return WorkerMessage.Answer.newBuilder()
                .setStatus(answer.status())
                .setContentType(Fields.clipped(answer.contentType(), CONTENT_TYPE_LENGTH))
                .setBody(Fields.of(answer.body()))
                .build();
    }

    private static WorkerMessage.Failed failed(FromWorker.Failure failure) {
        WorkerMessage.Failed.Builder failed =
                WorkerMessage.Failed.newBuilder()
                        .setKind(kind(failure.kind()))
                        .setMessage(Fields.of(failure.message()));
        failure.status().ifPresent(failed::setStatus);
        return failed.build();
    }

    private static WorkerMessage.PoolTrouble trouble(FromWorker.PoolTrouble trouble) {
        return WorkerMessage.PoolTrouble.newBuilder()
                .setStatus(trouble.status())
                .setReason(Fields.of(trouble.reason()))
                .setRetryAt(Fields.of(trouble.retryAt()))
                .setMessage(Fields.of(trouble.message()))
                .build();
    }

    static FromWorker read(WorkerMessage message) {
        return switch (message.getMessageCase()) {
            case EVENT -> event(message.getEvent());
            case ANSWER -> answer(message.getAnswer());
            case ACCOUNTS -> new FromWorker.Accounts();
            case END -> new FromWorker.End(used(message.getEnd().getUsed()));
            case FAILED -> new FromWorker.Failed(failure(message.getFailed()));
            case POOL_TROUBLE -> trouble(message.getPoolTrouble());
            case MESSAGE_NOT_SET -> throw new MalformedException("no message that is known here");
        };
    }

    private static FromWorker event(WorkerMessage.Event event) {
        return new FromWorker.Event(
                event.getFrame().toByteArray(),
                Fields.notNegative(event.getProduced(), "event.produced"));
    }

    private static TokenUsage used(WorkerMessage.Tokens used) {
        return new TokenUsage(
                Fields.notNegative(used.getInput(), "end.used.input"),
                Fields.notNegative(used.getCachedInput(), "end.used.cached_input"),
                Fields.notNegative(used.getOutput(), "end.used.output"),
                Fields.notNegative(used.getReasoning(), "end.used.reasoning"),
                Fields.notNegative(used.getAudioInput(), "end.used.audio_input"),
                Fields.notNegative(used.getAudioOutput(), "end.used.audio_output"));
    }

    private static FromWorker answer(WorkerMessage.Answer answer) {
        return new FromWorker.Answer(
                Fields.status(answer.getStatus(), "answer.status"),
                Fields.bounded(answer.getContentType(), CONTENT_TYPE_LENGTH, "answer.content_type"),
                answer.getBody().toByteArray());
    }

    private static FromWorker.Failure failure(WorkerMessage.Failed failed) {
        return new FromWorker.Failure(
                kind(failed.getKind()),
                Fields.text(failed.getMessage(), "failed.message"),
                failed.hasStatus()
                        ? Optional.of(Fields.status(failed.getStatus(), "failed.status"))
                        : Optional.empty());
    }

    private static FromWorker trouble(WorkerMessage.PoolTrouble trouble) {
        Fields.present(trouble.hasRetryAt(), "pool_trouble.retry_at");
        return new FromWorker.PoolTrouble(
                Fields.status(trouble.getStatus(), "pool_trouble.status"),
                Fields.text(trouble.getReason(), "pool_trouble.reason"),
                Fields.instant(trouble.getRetryAt(), "pool_trouble.retry_at"),
                Fields.text(trouble.getMessage(), "pool_trouble.message"));
    }

    private static WorkerMessage.Failed.Kind kind(FromWorker.Failure.Kind kind) {
        return switch (kind) {
            case UPSTREAM_ERROR -> WorkerMessage.Failed.Kind.KIND_UPSTREAM_ERROR;
            case UNREACHABLE -> WorkerMessage.Failed.Kind.KIND_UNREACHABLE;
            case TIMEOUT -> WorkerMessage.Failed.Kind.KIND_TIMEOUT;
            case NONSENSE -> WorkerMessage.Failed.Kind.KIND_NONSENSE;
            case CUT -> WorkerMessage.Failed.Kind.KIND_CUT;
            case WORKER_LOST -> WorkerMessage.Failed.Kind.KIND_WORKER_LOST;
            case USAGE_NOT_DURABLE -> WorkerMessage.Failed.Kind.KIND_USAGE_NOT_DURABLE;
        };
    }

    private static FromWorker.Failure.Kind kind(WorkerMessage.Failed.Kind kind) {
        return switch (kind) {
            case KIND_UPSTREAM_ERROR -> FromWorker.Failure.Kind.UPSTREAM_ERROR;
            case KIND_UNREACHABLE -> FromWorker.Failure.Kind.UNREACHABLE;
            case KIND_TIMEOUT -> FromWorker.Failure.Kind.TIMEOUT;
            case KIND_NONSENSE -> FromWorker.Failure.Kind.NONSENSE;
            case KIND_CUT -> FromWorker.Failure.Kind.CUT;
            case KIND_WORKER_LOST -> FromWorker.Failure.Kind.WORKER_LOST;
            case KIND_USAGE_NOT_DURABLE -> FromWorker.Failure.Kind.USAGE_NOT_DURABLE;
            case KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedException("failed.kind is unknown here");
        };
    }
}
