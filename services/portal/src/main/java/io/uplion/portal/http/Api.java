// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.portal.audit.Actor;
import io.uplion.portal.http.Gate.Asker;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestUtils;
import io.vertx.openapi.validation.ValidatableRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.ConnectionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a request to the operation that answers it. What the document does not allow never reaches
/// an operation. Safe for all event loops.
public final class Api implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final String PREFIX = "/api/";
    private static final String DOCUMENT = PREFIX + "openapi.json";

    /// Operations wait for the database; more of them than this would only wait for each other.
    private static final int AT_ONCE = 256;

    private final Vertx vertx;
    private final Future<Entrance> entrance;
    private final Map<String, io.uplion.portal.http.Operation> operations;
    private final Clients clients;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// What every request comes by.
    ///
    /// @param document as it is shown
    private record Entrance(Contract contract, Gate gate, Buffer document) {}

    /// The document takes half a second to read, and nobody asks that early: who does, waits.
    ///
    /// @param operations by their ids in the document, all of them
    public Api(
            Vertx vertx,
            ApiDocument document,
            Map<String, io.uplion.portal.http.Operation> operations,
            Doorkeeper doorkeeper,
            Clients clients) {
        this.vertx = vertx;
        this.operations = Map.copyOf(operations);
        this.clients = clients;
        Promise<Entrance> opened = Promise.promise();
        this.entrance = opened.future();
        entrance.onFailure(failure -> LOG.atError().setCause(failure).log("/api cannot be served"));
        threads.execute(() -> open(document, doorkeeper, opened));
    }

    private void open(ApiDocument document, Doorkeeper doorkeeper, Promise<Entrance> opened) {
        try {
            Contract contract = Contract.of(vertx, document);
            contract.requireIds(operations.keySet());
            opened.complete(
                    new Entrance(
                            contract, new Gate(contract, doorkeeper), document.json().toBuffer()));
        } catch (RuntimeException e) {
            opened.fail(e);
        }
    }

    public static boolean isAbout(HttpServerRequest request) {
        return request.path() != null && request.path().startsWith(PREFIX);
    }

    /// On the request's event loop.
    public void handle(HttpServerRequest request) {
        request.response()
                .putHeader("x-request-id", "req_" + UUID.randomUUID().toString().replace("-", ""));
        if (entrance.succeeded()) {
            come(request, entrance.result());
            return;
        }
        Context context = vertx.getOrCreateContext();
        request.pause();
        entrance.onComplete(
                opened ->
                        context.runOnContext(
                                _ -> {
                                    request.resume();
                                    come(request, opened);
                                }),
                failure -> context.runOnContext(_ -> fail(request, failure)));
    }

    private void come(HttpServerRequest request, Entrance by) {
        String path = Objects.requireNonNullElse(request.path(), "");
        if (path.equals(DOCUMENT)) {
            answerDocument(request, by.document());
            return;
        }
        try {
            Operation operation = by.contract().find(request.method(), path);
            Body.read(vertx, request)
                    .compose(
                            body ->
                                    RequestUtils.extract(
                                            request, operation, () -> Future.succeededFuture(body)))
                    .onSuccess(asked -> enter(request, operation.getOperationId(), by, asked))
                    .onFailure(failure -> fail(request, failure));
        } catch (ProblemException problem) {
            Answer.sendNow(request, problem.reply());
        }
    }

    private static void answerDocument(HttpServerRequest request, Buffer document) {
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(document);
    }

    private void enter(
            HttpServerRequest request, String id, Entrance by, ValidatableRequest asked) {
        if (!room.tryAcquire()) {
            fail(request, busy());
            return;
        }
        Client client = clients.of(request);
        Asker asker = Asker.of(request, client);
        Optional<String> ifMatch = Optional.ofNullable(request.getHeader("if-match"));
        Context context = vertx.getOrCreateContext();
        threads.execute(
                () -> {
                    try {
                        Optional<Caller> caller = by.gate().admit(id, asker);
                        Call call =
                                new Call(
                                        caller, client, ifMatch, by.contract().validate(asked, id));
                        Answer.of(context, request).send(run(id, call));
                    } catch (RuntimeException e) {
                        context.runOnContext(_ -> fail(request, e));
                    } finally {
                        room.release();
                    }
                });
    }

    private Reply run(String id, Call call) {
        io.uplion.portal.http.Operation operation = operation(id);
        return call.asker()
                .map(
                        caller ->
                                new Actor(
                                        caller.user().id(),
                                        caller.session(),
                                        caller.key(),
                                        call.client().address()))
                .map(actor -> actor.acts(() -> operation.run(call)))
                .orElseGet(() -> operation.run(call));
    }

    private io.uplion.portal.http.Operation operation(String id) {
        return Optional.ofNullable(operations.get(id)).orElseThrow();
    }

    private static void fail(HttpServerRequest request, Throwable failure) {
        Answer.sendNow(request, problem(request, failure).reply());
    }

    private static ProblemException problem(HttpServerRequest request, Throwable failure) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case ConnectionException _ -> unavailable();
            case RuntimeException found -> ofForm(request, found);
            default -> fault(request, failure);
        };
    }

    private static ProblemException ofForm(HttpServerRequest request, RuntimeException found) {
        try {
            return Findings.problem(found);
        } catch (RuntimeException e) {
            return fault(request, e);
        }
    }

    private static ProblemException unavailable() {
        return ProblemException.of(
                        503, "unavailable", "The database cannot be asked now; try again shortly.")
                .with("retry-after", "2");
    }

    private static ProblemException busy() {
        return ProblemException.of(503, "busy", "Too many requests at once; try again shortly.")
                .with("retry-after", "1");
    }

    private static ProblemException fault(HttpServerRequest request, Throwable failure) {
        String id = request.response().headers().get("x-request-id");
        LOG.atError()
                .setCause(failure)
                .log("{} {} failed ({})", request.method(), request.path(), id);
        return ProblemException.of(
                500, "internal", "The server met a fault of its own (" + id + ").");
    }

    @Override
    public void close() {
        threads.close();
    }
}
