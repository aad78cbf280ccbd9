// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access.authz;

import com.google.rpc.Code;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.grpc.stub.StreamObserver;
import io.uplion.access.ClientAddress;
import io.uplion.access.Cookies;
import io.uplion.access.Credentials;
import io.uplion.access.Entrance;
import io.uplion.access.Question;
import io.uplion.access.Refusals;
import io.uplion.counters.rate.RateHeaders;
import io.uplion.counters.rate.Standing;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.identity.Principal.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// Envoy's `envoy.service.auth.v3.Authorization`. Who is admitted gets the signed identity as a
/// header, in place of whatever the client sent by that name, and loses the key: nobody behind here
/// needs it. Only headers are looked at; a body is not sent here.
final class Authorization extends AuthorizationGrpc.AuthorizationImplBase {
    /// Paths that a management key is for; all others run inference.
    private static final String MANAGED = "/api/";

    private final Entrance entrance;
    private final IdentityToken identities;
    private final ClientAddress clients;

    Authorization(Entrance entrance, IdentityToken identities, ClientAddress clients) {
        this.entrance = entrance;
        this.identities = identities;
        this.clients = clients;
    }

    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
        entrance.enter(question(request.getAttributes()))
                .whenComplete(
                        (entry, failure) -> {
                            observer.onNext(
                                    failure == null
                                            ? response(entry, isManaged(request.getAttributes()))
                                            : denied(Refusals.unavailable(), Map.of()));
                            observer.onCompleted();
                        });
    }

    private Question question(AttributeContext asked) {
        AttributeContext.HttpRequest http = asked.getRequest().getHttp();
        Map<String, String> headers = http.getHeadersMap();
        String peer = asked.getSource().getAddress().getSocketAddress().getAddress();
        Scope scope = isManaged(asked) ? Scope.MANAGEMENT : Scope.INFERENCE;
        Cookies cookies =
                new Cookies(
                        headers.get("cookie"),
                        headers.get("sec-fetch-site"),
                        headers.get("origin"),
                        http.getHost());
        return new Question(
                Credentials.of(headers.get("authorization"), headers.get("x-api-key"), cookies),
                clients.of(peer, headers.get("x-forwarded-for")),
                scope);
    }

    private static boolean isManaged(AttributeContext asked) {
        return asked.getRequest().getHttp().getPath().startsWith(MANAGED);
    }

    private CheckResponse response(Entrance.Entry entry, boolean managed) {
        return switch (entry) {
            case Entrance.Admitted(var principal, var requests) ->
                    allowed(identities.sign(principal), headers(requests), managed);
            case Entrance.Refused(var error, var requests) -> denied(error, headers(requests));
        };
    }

    private static Map<String, String> headers(Optional<Standing> requests) {
        return requests.map(standing -> RateHeaders.of("requests", standing)).orElse(Map.of());
    }

    /// @param told to the client with whatever answer it gets
    /// @param managed who signs somebody out needs his session
    private static CheckResponse allowed(
            String identity, Map<String, String> told, boolean managed) {
        OkHttpResponse.Builder ok =
                OkHttpResponse.newBuilder()
                        .addHeaders(header(IdentityToken.HEADER, identity))
                        .addHeadersToRemove("authorization")
                        .addHeadersToRemove("x-api-key");
        if (!managed) {
            ok.addHeadersToRemove("cookie");
        }
        told.forEach((name, value) -> ok.addResponseHeadersToAdd(header(name, value)));
        return CheckResponse.newBuilder()
                .setStatus(com.google.rpc.Status.newBuilder().setCode(Code.OK_VALUE))
                .setOkResponse(ok)
                .build();
    }

    private static CheckResponse denied(OpenAiError error, Map<String, String> told) {
        Code code =
                switch (error.status()) {
                    case 401 -> Code.UNAUTHENTICATED;
                    case 403 -> Code.PERMISSION_DENIED;
                    case 429 -> Code.RESOURCE_EXHAUSTED;
                    default -> Code.UNAVAILABLE;
                };
        DeniedHttpResponse.Builder denied =
                DeniedHttpResponse.newBuilder()
                        .setStatus(
                                HttpStatus.newBuilder()
                                        .setCode(StatusCode.forNumber(error.status())))
                        .addHeaders(header("content-type", "application/json"))
                        .setBody(new String(error.toJson(), StandardCharsets.UTF_8));
        told.forEach((name, value) -> denied.addHeaders(header(name, value)));
        if (error.retryAfterMillis() >= 0) {
            denied.addHeaders(header("retry-after", Long.toString(error.retryAfterSeconds())))
                    .addHeaders(header("retry-after-ms", Long.toString(error.retryAfterMillis())));
        }
        return CheckResponse.newBuilder()
                .setStatus(com.google.rpc.Status.newBuilder().setCode(code.getNumber()))
                .setDeniedResponse(denied)
                .build();
    }

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }
}
