// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.counters.rate.RateHeaders;
import io.uplion.counters.rate.Standing;
import io.uplion.counters.reserve.Ask;
import io.uplion.gateway.GatewayConfig;
import io.uplion.gateway.admission.Admission;
import io.uplion.gateway.allowance.Allowance;
import io.uplion.gateway.allowance.Allowances;
import io.uplion.gateway.answer.Answers;
import io.uplion.gateway.answer.RefusalLog;
import io.uplion.gateway.claim.Claims;
import io.uplion.gateway.claim.Terms;
import io.uplion.gateway.edge.Edge;
import io.uplion.gateway.idempotency.Question;
import io.uplion.gateway.idempotency.RepeatDoor;
import io.uplion.gateway.relay.ClientDoor;
import io.uplion.openai.Endpoint;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.RequestHead;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.management.Readiness;
import io.uplion.task.Task;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a request line to the code that answers it. One instance an event loop.
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final String MODELS = "/v1/models";

    private static final OpenAiError FAULT =
            ErrorCode.INTERNAL.error("The server met a fault of its own.");

    private final Parts parts;
    private final BodyReader.Bounds bodies;
    private final Admitting admitting;
    private final Asking asking;
    private final Cors cors;
    private final ModelList models;

    /// What the routes lead to.
    record Parts(
            GatewayConfig config,
            Edge edge,
            RepeatDoor repeats,
            Admission admission,
            Allowances allowances,
            Claims claims,
            ClientDoor door,
            ModelListing listing,
            Answers answers,
            Readiness readiness,
            Beside beside) {}

    Routes(Parts parts, Vertx vertx, BodyMemory memory) {
        this.parts = parts;
        GatewayConfig config = parts.config();
        this.cors = new Cors(config.corsOrigins());
        this.bodies =
                new BodyReader.Bounds(
                        new BodyClock(vertx, config.times().body()),
                        memory,
                        new BareAnswer(parts.answers()::count, cors),
                        config.maxBodyBytes(),
                        config.times().body());
        this.admitting = new Admitting(parts.admission(), parts.claims());
        this.asking = new Asking(parts.edge(), parts.answers(), bodies.bare());
        this.models = new ModelList(parts.listing(), parts.answers());
    }

    void handle(HttpServerRequest request) {
        Optional<OpenAiError> beyond = HttpListening.beyond(request);
        if (beyond.isEmpty() && parts.beside().serve(request)) {
            return;
        }
        UUID id = ClientDoor.newId();
        request.response().putHeader(Answers.REQUEST_ID, Task.requestId(id));
        cors.mark(request);
        if (beyond.isPresent()) {
            parts.answers().refuseAndClose(request, beyond.get(), RefusalLog.About.NOTHING);
            return;
        }
        try {
            route(request, id);
        } catch (RuntimeException e) {
            crashed(request, id, e);
        }
    }

    private void crashed(HttpServerRequest request, UUID id, Throwable e) {
        LOG.atError()
                .setCause(e)
                .addKeyValue("request", Task.requestId(id))
                .log("a request met a fault of ours");
        parts.answers().errorAndClose(request, FAULT);
    }

    private void route(HttpServerRequest request, UUID id) {
        if (request.method().equals(HttpMethod.OPTIONS)) {
            cors.preflight(request);
            return;
        }
        String path = request.path();
        switch (path == null ? "" : path) {
            case "/v1/chat/completions" -> inference(request, id, Endpoint.CHAT);
            case "/v1/completions" -> inference(request, id, Endpoint.COMPLETIONS);
            case "/v1/embeddings" -> inference(request, id, Endpoint.EMBEDDINGS);
            case "/livez" -> health(request, true);
            case "/readyz" ->
                    health(request, parts.readiness().isReady() && parts.edge().isReady());
            case MODELS -> listing(request, id, models::list);
            case String other when other.startsWith(MODELS + "/") ->
                    listing(request, id, asked -> models.one(request, asked, MODELS.length() + 1));
            default -> unknown(request);
        }
    }

    private void unknown(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        String shown = path.length() > 100 ? path.substring(0, 100) + "…" : path;
        parts.answers()
                .refuseAndClose(
                        request,
                        ErrorCode.UNKNOWN_URL.error(
                                "Unknown request URL: " + request.method() + " " + shown + "."),
                        RefusalLog.About.NOTHING);
    }

    private void health(HttpServerRequest request, boolean well) {
        request.response()
                .setStatusCode(well ? 200 : 503)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(Buffer.buffer(well ? "ok\n" : "not ready\n"));
    }

    private boolean isMethod(HttpServerRequest request, HttpMethod method) {
        if (request.method().equals(method)) {
            return true;
        }
        request.response().putHeader(HttpHeaders.ALLOW, method.name() + ", OPTIONS");
        parts.answers()
                .refuseAndClose(
                        request,
                        ErrorCode.METHOD_NOT_ALLOWED.error(
                                "Use " + method + " here, not " + request.method() + "."),
                        RefusalLog.About.NOTHING);
        return false;
    }

    private void listing(HttpServerRequest request, UUID id, Consumer<ModelList.Asked> answer) {
        if (isMethod(request, HttpMethod.GET)) {
            asking.whenKnown(
                    request,
                    ModelList.ENDPOINT,
                    fault -> crashed(request, id, fault),
                    principal -> answer.accept(new ModelList.Asked(principal, request.response())));
        }
    }

    private void inference(HttpServerRequest request, UUID id, Endpoint endpoint) {
        if (!isMethod(request, HttpMethod.POST)) {
            return;
        }
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            parts.answers()
                    .refuseAndClose(
                            request,
                            ErrorCode.UNSUPPORTED_ENCODING.error(
                                    "Compressed bodies are not taken; send the JSON as it is."),
                            RefusalLog.About.NOTHING);
            return;
        }
        if (!parts.readiness().isReady()) {
            Answers.closeAfterwards(request);
            parts.answers().refuseAndClose(request, shuttingDown(), RefusalLog.About.NOTHING);
            return;
        }
        asking.whenKnown(
                request,
                endpoint.id(),
                fault -> crashed(request, id, fault),
                principal ->
                        BodyReader.read(
                                request,
                                bodies,
                                body -> taken(request, id, principal, endpoint, body)));
    }

    private static OpenAiError shuttingDown() {
        return ErrorCode.SHUTTING_DOWN
                .error("The server is shutting down; try again shortly.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private void taken(
            HttpServerRequest request,
            UUID id,
            Principal principal,
            Endpoint endpoint,
            BodyReader.Result result) {
        switch (result) {
            case BodyReader.NoBody(OpenAiError error) ->
                    parts.answers().refuseAndClose(request, error, about(principal, endpoint, ""));
            case BodyReader.Body body ->
                    parts.repeats()
                            .enter(
                                    new Question(
                                            id, principal, endpoint, body.bytes(), body.release()),
                                    request,
                                    witness ->
                                            admit(
                                                    request,
                                                    new Asked(id, principal, endpoint, witness),
                                                    body));
        }
    }

    /// A long body is looked at on another thread.
    private void admit(HttpServerRequest request, Asked asked, BodyReader.Body body) {
        String timeout = request.getHeader("x-uplion-timeout");
        Callable<Admitting.Shown> decision = () -> admitting.of(asked, body.bytes(), timeout);
        if (body.bytes().length > RequestHead.LONG_BYTES) {
            ClientDoor.currentLoop()
                    .executeBlocking(decision, false)
                    .onComplete(
                            result -> enter(request, asked, body, () -> result),
                            fault -> unadmitted(request, asked, body, fault));
        } else {
            enter(request, asked, body, decision);
        }
    }

    private void enter(
            HttpServerRequest request,
            Asked asked,
            BodyReader.Body body,
            Callable<Admitting.Shown> decision) {
        try {
            Admitting.Shown shown = decision.call();
            switch (shown.result()) {
                case Admission.Refused(OpenAiError error, String model) ->
                        refused(request, new Refusing(asked, body, model), error);
                case Admission.Admitted admitted ->
                        whenAllowed(
                                shown.ask(),
                                answer ->
                                        allowed(
                                                request,
                                                new Entering(asked, body, admitted, shown.terms()),
                                                answer));
            }
        } catch (Exception | Error fault) {
            unadmitted(request, asked, body, fault);
        }
    }

    private static RefusalLog.About about(Principal principal, Endpoint endpoint, String model) {
        return new RefusalLog.About(Optional.of(principal), endpoint.id(), model);
    }

    /// @param model empty where it asked for none of ours
    private record Refusing(Asked asked, BodyReader.Body body, String model) {}

    private void refused(HttpServerRequest request, Refusing refusing, OpenAiError error) {
        Asked asked = refusing.asked();
        refusing.body().release().run();
        asked.witness().failed(error);
        parts.answers()
                .refuse(
                        request.response(),
                        error,
                        about(asked.principal(), asked.endpoint(), refusing.model()));
    }

    private void whenAllowed(Optional<Ask> ask, Consumer<Allowances.Answer> then) {
        CompletableFuture<Allowances.Answer> answer =
                parts.allowances().ask(ask).toCompletableFuture();
        if (answer.isDone()) {
            then.accept(answer.join());
            return;
        }
        ContextInternal loop = ClientDoor.currentLoop();
        answer.thenAccept(known -> loop.emit(_ -> then.accept(known)));
    }

    /// Who asks what, on which terms.
    private record Entering(
            Asked asked, BodyReader.Body body, Admission.Admitted admitted, Terms terms) {}

    private void allowed(HttpServerRequest request, Entering entering, Allowances.Answer answer) {
        switch (answer) {
            case Allowances.Refused(OpenAiError error, Optional<Standing> tokens) -> {
                tokens.ifPresent(standing -> tell(request, standing));
                String model = entering.admitted().model().model();
                refused(request, new Refusing(entering.asked(), entering.body(), model), error);
            }
            case Allowances.Allowed(Allowance allowance, Optional<Standing> tokens) -> {
                try {
                    tokens.ifPresent(standing -> tell(request, standing));
                    parts.door().enter(entry(request, entering, allowance), request);
                } catch (Exception | Error fault) {
                    allowance.unused();
                    unadmitted(request, entering.asked(), entering.body(), fault);
                }
            }
        }
    }

    private static void tell(HttpServerRequest request, Standing tokens) {
        if (!request.response().headWritten()) {
            request.response().headers().addAll(RateHeaders.of("tokens", tokens));
        }
    }

    private void unadmitted(
            HttpServerRequest request, Asked asked, BodyReader.Body body, Throwable fault) {
        body.release().run();
        asked.witness().failed(FAULT);
        crashed(request, asked.id(), fault);
    }

    private static ClientDoor.Entry entry(
            HttpServerRequest request, Entering entering, Allowance allowance) {
        boolean progress = "1".equals(request.getHeader("x-uplion-progress"));
        Admission.Admitted admitted = entering.admitted();
        return new ClientDoor.Entry(
                entering.asked().id(),
                entering.asked().principal(),
                admitted.head(),
                admitted.model(),
                entering.body().bytes(),
                new ClientDoor.Options(
                        admitted.patience(),
                        progress,
                        allowance,
                        entering.terms(),
                        entering.body().release(),
                        entering.asked().witness()));
    }
}
