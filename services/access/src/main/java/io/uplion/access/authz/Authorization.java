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
import io.uplion.access.Access;
import io.uplion.access.ClientAddress;
import io.uplion.access.Credentials;
import io.uplion.access.Decision;
import io.uplion.access.Question;
import io.uplion.access.Refusals;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.identity.Principal.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Envoy's `envoy.service.auth.v3.Authorization`. Who is admitted gets the signed identity as a
/// header, in place of whatever the client sent by that name, and loses the key: nobody behind here
/// needs it. Only headers are looked at; a body is not sent here.
final class Authorization extends AuthorizationGrpc.AuthorizationImplBase {
    /// Paths that a management key is for; all others run inference.
    private static final String MANAGED = "/api/";

    private final Access access;
    private final IdentityToken identities;
    private final ClientAddress clients;

    Authorization(Access access, IdentityToken identities, ClientAddress clients) {
        this.access = access;
        this.identities = identities;
        this.clients = clients;
    }

    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> observer) {
        access.decide(question(request.getAttributes()))
                .whenComplete(
                        (decision, failure) -> {
                            observer.onNext(
                                    failure == null
                                            ? response(decision)
                                            : denied(Refusals.unavailable()));
                            observer.onCompleted();
                        });
    }

    private Question question(AttributeContext asked) {
        Map<String, String> headers = asked.getRequest().getHttp().getHeadersMap();
        String peer = asked.getSource().getAddress().getSocketAddress().getAddress();
        Scope scope =
                asked.getRequest().getHttp().getPath().startsWith(MANAGED)
                        ? Scope.MANAGEMENT
                        : Scope.INFERENCE;
        return new Question(
                Credentials.of(headers.get("authorization"), headers.get("x-api-key")),
                clients.of(peer, headers.get("x-forwarded-for")),
                scope);
    }

    private CheckResponse response(Decision decision) {
        return switch (decision) {
            case Decision.Allowed(var principal) -> allowed(identities.sign(principal));
            case Decision.Denied denied -> denied(Refusals.of(denied));
            case Decision.Unavailable() -> denied(Refusals.unavailable());
        };
    }

    private static CheckResponse allowed(String identity) {
        return CheckResponse.newBuilder()
                .setStatus(com.google.rpc.Status.newBuilder().setCode(Code.OK_VALUE))
                .setOkResponse(
                        OkHttpResponse.newBuilder()
                                .addHeaders(header(IdentityToken.HEADER, identity))
                                .addHeadersToRemove("authorization")
                                .addHeadersToRemove("x-api-key"))
                .build();
    }

    private static CheckResponse denied(OpenAiError error) {
        Code code =
                switch (error.status()) {
                    case 401 -> Code.UNAUTHENTICATED;
                    case 403 -> Code.PERMISSION_DENIED;
                    default -> Code.UNAVAILABLE;
                };
        return CheckResponse.newBuilder()
                .setStatus(com.google.rpc.Status.newBuilder().setCode(code.getNumber()))
                .setDeniedResponse(
                        DeniedHttpResponse.newBuilder()
                                .setStatus(
                                        HttpStatus.newBuilder()
                                                .setCode(StatusCode.forNumber(error.status())))
                                .addHeaders(header("content-type", "application/json"))
                                .setBody(new String(error.toJson(), StandardCharsets.UTF_8)))
                .build();
    }

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }
}
