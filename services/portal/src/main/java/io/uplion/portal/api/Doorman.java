// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.http.Caller;
import io.uplion.portal.http.Client;
import io.uplion.portal.http.Credentials;
import io.uplion.portal.http.Doorkeeper;
import io.uplion.portal.identity.ManagementKeys;
import io.uplion.portal.identity.Sessions;
import java.util.Optional;

/// Knows browsers by their sessions and programs by their management keys.
public record Doorman(Sessions sessions, ManagementKeys keys) implements Doorkeeper {
    @Override
    public Optional<Caller> caller(Credentials credentials, Client client) {
        return switch (credentials) {
            case Credentials.None() -> Optional.empty();
            case Credentials.Session(var token) ->
                    sessions.find(token)
                            .map(signed -> Caller.signedIn(signed.user(), signed.session().id()));
            case Credentials.Key(var text) ->
                    keys.find(text, client.address())
                            .map(held -> Caller.withKey(held.user(), held.key()));
        };
    }
}
