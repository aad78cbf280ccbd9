// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal;

import io.uplion.portal.api.AuditApi;
import io.uplion.portal.api.Doorman;
import io.uplion.portal.api.IdentityApi;
import io.uplion.portal.api.KeysApi;
import io.uplion.portal.api.UsageApi;
import io.uplion.portal.api.UsersApi;
import io.uplion.portal.audit.Audit;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.http.Api;
import io.uplion.portal.http.ApiDocument;
import io.uplion.portal.http.Clients;
import io.uplion.portal.http.Operation;
import io.uplion.portal.identity.ManagedUsers;
import io.uplion.portal.identity.ManagementKeys;
import io.uplion.portal.identity.PasswordLinks;
import io.uplion.portal.identity.Sessions;
import io.uplion.portal.identity.SignIns;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.usage.Usage;
import io.uplion.store.Database;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What answers under `/api`: composition root of its operations.
public final class Portal {
    /// Parts of the document, which has a file for each.
    public static final List<String> AREAS = List.of("identity", "users", "keys", "usage", "audit");

    private Portal() {}

    /// @param writes the primary
    /// @param reads a replica, where there is one
    public record Ports(
            Vertx vertx,
            Database writes,
            Database reads,
            AfterChange afterChange,
            Clients clients,
            Clock clock) {}

    public static Api api(Ports ports) {
        Clock clock = ports.clock();
        Users users = new Users(ports.writes(), clock);
        Sessions sessions = new Sessions(ports.writes(), clock);
        PasswordLinks links = new PasswordLinks(ports.writes(), clock);
        IdentityApi identity =
                new IdentityApi(users, sessions, new SignIns(users, ports.writes(), clock), clock);
        Map<String, Operation> operations = new HashMap<>(identity.operations());
        operations.putAll(
                new UsersApi(
                                new ManagedUsers(ports.writes(), clock, ports.afterChange(), links),
                                links,
                                sessions)
                        .operations());
        operations.putAll(
                new KeysApi(new Keys(ports.writes(), clock, ports.afterChange()), clock)
                        .operations());
        operations.putAll(new UsageApi(new Usage(ports.reads()), clock).operations());
        operations.putAll(new AuditApi(new Audit(ports.reads())).operations());
        return new Api(
                ports.vertx(),
                ApiDocument.of(AREAS),
                operations,
                new Doorman(sessions, new ManagementKeys(ports.writes(), clock)),
                ports.clients());
    }
}
