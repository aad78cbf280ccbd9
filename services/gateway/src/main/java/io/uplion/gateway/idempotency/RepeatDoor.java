// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.answer.Answers;
import io.uplion.gateway.answer.RefusalLog;
import io.uplion.gateway.relay.ClientAnswer;
import io.uplion.gateway.relay.ClientDoor;
import io.uplion.gateway.relay.Witness;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.task.Task;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where requests with an `Idempotency-Key` are told apart: the first goes on, the others get its
/// answer. One an event loop; keeps time for those who wait.
public final class RepeatDoor {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatDoor.class);
    private static final long TICK_MILLIS = 200;

    private final GatewayConfig config;
    private final Executions executions;
    private final Answers answers;
    private final List<Duplicate> duplicates = new ArrayList<>();

    public RepeatDoor(GatewayConfig config, Executions executions, Answers answers) {
        this.config = config;
        this.executions = executions;
        this.answers = answers;
    }

    public void startTicking(Vertx vertx) {
        vertx.setPeriodic(TICK_MILLIS, _ -> tick());
    }

    /// @param first what goes on with a request that is to be run; the witness has to be told how
    ///   it ends, whatever happens
    public void enter(Question question, HttpServerRequest request, Consumer<Witness> first) {
        List<String> keys = request.headers().getAll(KeyErrors.HEADER);
        if (keys.isEmpty()) {
            first.accept(Witness.NOBODY);
            return;
        }
        Optional<String> key = Question.key(keys);
        if (key.isEmpty()) {
            refuse(question, request, KeyErrors.invalid());
        } else if (question.isLong()) {
            ClientDoor.currentLoop()
                    .executeBlocking(() -> question.read(key.get()), false)
                    .onComplete(
                            read -> claim(question, read, request, first),
                            fault -> crashed(question, request, fault));
        } else {
            claim(question, question.read(key.get()), request, first);
        }
    }

    private void refuse(Question question, HttpServerRequest request, OpenAiError error) {
        question.release().run();
        answers.refuse(
                request.response(),
                error,
                new RefusalLog.About(
                        Optional.of(question.principal()), question.endpoint().id(), ""));
    }

    private void crashed(Question question, HttpServerRequest request, Throwable fault) {
        LOG.atError()
                .setCause(fault)
                .addKeyValue("request", Task.requestId(question.id()))
                .log("a request with a key met a fault of ours");
        question.release().run();
        answers.error(
                request.response(), ErrorCode.INTERNAL.error("The server met a fault of its own."));
    }

    private void claim(
            Question question,
            Question.Read read,
            HttpServerRequest request,
            Consumer<Witness> first) {
        ContextInternal loop = ClientDoor.currentLoop();
        Claim claim = new Claim(read.asked(), UUID.randomUUID());
        CompletableFuture<Claimed> answer = executions.claim(claim).toCompletableFuture();
        Call call = new Call(question, request, claim, read.stream(), loop);
        if (answer.isDone()) {
            claimed(call, answer.join(), first);
        } else {
            answer.thenAccept(known -> loop.emit(_ -> claimed(call, known, first)));
        }
    }

    private record Call(
            Question question,
            HttpServerRequest request,
            Claim claim,
            boolean stream,
            ContextInternal loop) {}

    private void claimed(Call call, Claimed claimed, Consumer<Witness> first) {
        try {
            goOn(call, claimed, first);
        } catch (RuntimeException | Error fault) {
            crashed(call.question(), call.request(), fault);
        }
    }

    private void goOn(Call call, Claimed claimed, Consumer<Witness> first) {
        switch (claimed) {
            case Claimed.Mine() -> {
                executions.metrics().idempotent("first");
                String id = Task.requestId(call.question().id());
                run(executions.begin(call.claim(), id, call.loop()), first);
            }
            case Claimed.OtherBody() -> {
                executions.metrics().idempotent("other_body");
                refuse(call.question(), call.request(), KeyErrors.otherBody());
            }
            case Seen.Running() -> duplicate(call).waitFor(call.claim().asked());
            case Seen.Ended(Outcome outcome) -> duplicate(call).tell(executions.hold(outcome));
            case Seen.Unknown _ -> {
                executions.metrics().idempotent("unavailable");
                executions.giveUp(call.claim());
                refuse(call.question(), call.request(), KeyErrors.unavailable());
            }
        }
    }

    private static void run(Execution execution, Consumer<Witness> first) {
        try {
            first.accept(execution);
        } catch (RuntimeException | Error fault) {
            execution.abandoned();
            throw fault;
        }
    }

    /// Its body has said all it has to say.
    private Duplicate duplicate(Call call) {
        call.question().release().run();
        ClientAnswer client = new ClientAnswer(call.request(), answers, Witness.NOBODY);
        Duplicate duplicate =
                new Duplicate(
                        client, call.request().response(), call.loop(), call.stream(), executions);
        duplicates.add(duplicate);
        call.request().response().closeHandler(_ -> duplicate.gone());
        call.request().response().exceptionHandler(_ -> duplicate.gone());
        if (call.request().response().closed()) {
            duplicate.gone();
        }
        return duplicate;
    }

    private void tick() {
        long now = System.nanoTime();
        duplicates.removeIf(duplicate -> duplicate.tick(now, config));
    }
}
