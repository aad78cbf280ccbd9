// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.platform.secret.Secret;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;

/// Lets in whoever may ask for an operation.
final class Gate {
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
    record Credentials(Optional<Secret> session, boolean mayWrite) {
        static Credentials of(HttpServerRequest request) {
            return new Credentials(
                    SessionCookie.of(request),
                    READING.contains(request.method()) || SessionCookie.isSameOrigin(request));
        }
    }

    /// @return nobody, where the operation is for everybody and nobody has signed in
    /// @throws ProblemException 401 or 403
    Optional<Caller> admit(String operationId, Credentials credentials) {
        // Also where nobody has signed in yet: a page must not sign its visitor in as another.
        if (!credentials.mayWrite()) {
            throw ProblemException.of(
                    403,
                    "cross_site",
                    "A page of another origin asked, or a client that does not say who it is:"
                            + " send the header Sec-Fetch-Site: same-origin, or Origin.");
        }
        Optional<Caller> caller = credentials.session().flatMap(doorkeeper::caller);
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

    private Caller requireSignedIn(String operationId, Optional<Caller> caller) {
        Caller known =
                caller.orElseThrow(
                        () -> ProblemException.of(401, "not_signed_in", "Sign in first."));
        if (known.user().mustChangePassword() && !contract.isFirst(operationId)) {
            throw ProblemException.of(
                    403, "password_change_required", "Change your password first.");
        }
        return known;
    }
}
