// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.secret.Secret;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;

/// Lets in whoever may ask for an operation.
final class Gate {
    private static final String BEARER = "Bearer";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Contract contract;
    private final Doorkeeper doorkeeper;

    Gate(Contract contract, Doorkeeper doorkeeper) {
        this.contract = contract;
        this.doorkeeper = doorkeeper;
    }

    /// What a request says of who asks.
    ///
    /// @param mayWrite nobody else made the client's browser ask
    record Asker(Credentials credentials, boolean mayWrite, Client client) {
        /// Where there is a key the cookie is not looked at: no browser sends a key by itself, so
        /// whoever has one means what he asks for.
        static Asker of(HttpServerRequest request, Client client) {
            Optional<Secret> key = bearer(request);
            if (key.isPresent()) {
                return new Asker(new Credentials.Key(key.get()), true, client);
            }
            return new Asker(
                    SessionCookie.of(request)
                            .<Credentials>map(Credentials.Session::new)
                            .orElseGet(Credentials.None::new),
                    READING.contains(request.method()) || SessionCookie.isSameOrigin(request),
                    client);
        }

        /// Other schemes are a proxy's business.
        private static Optional<Secret> bearer(HttpServerRequest request) {
            return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                    .map(said -> said.split(" ", 2))
                    .filter(words -> words[0].equalsIgnoreCase(BEARER))
                    .map(words -> Secret.of(words.length > 1 ? words[1].strip() : ""));
        }
    }

    /// @return nobody, where the operation is for everybody and nobody has signed in
    /// @throws ProblemException 401 or 403
    Optional<Caller> admit(String operationId, Asker asker) {
        // Also where nobody has signed in yet: a page must not sign its visitor in as another.
        if (!asker.mayWrite()) {
            throw ProblemException.of(
                    403,
                    "cross_site",
                    "A page of another origin asked, or a client that does not say who it is:"
                            + " send the header Sec-Fetch-Site: same-origin, or Origin.");
        }
        Optional<Caller> caller = caller(asker);
        switch (contract.rights(operationId)) {
            case Contract.Rights.Open() -> {}
            case Contract.Rights.Everyone() -> requireSignedIn(operationId, caller);
            case Contract.Rights.OneOf(var roles) -> {
                if (!requireSignedIn(operationId, caller).hasOneOf(roles)) {
                    throw ProblemException.forbidden();
                }
            }
        }
        return caller;
    }

    private Optional<Caller> caller(Asker asker) {
        return switch (asker.credentials()) {
            case Credentials.None() -> Optional.empty();
            case Credentials.Session _ -> doorkeeper.caller(asker.credentials(), asker.client());
            case Credentials.Key _ -> {
                Optional<Caller> known = doorkeeper.caller(asker.credentials(), asker.client());
                if (known.isEmpty()) {
                    throw ProblemException.of(
                            401, "wrong_key", "This is no management key that works from here.");
                }
                yield known;
            }
        };
    }

    private Caller requireSignedIn(String operationId, Optional<Caller> caller) {
        Caller known =
                caller.orElseThrow(
                        () -> ProblemException.of(401, "not_signed_in", "Sign in first."));
        if (known.session().isPresent()
                && known.user().mustChangePassword()
                && !contract.isFirst(operationId)) {
            throw ProblemException.of(
                    403, "password_change_required", "Change your password first.");
        }
        return known;
    }
}
