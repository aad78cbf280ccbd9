// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Who asks.
///
/// @param account owns the budget
/// @param key empty for a browser session
/// @param session empty for a key
/// @param groups what `access.groups` of a model is compared with
/// @param models the models a key is limited to; empty means every model its groups allow
/// @param scopes what it may be used for
/// @param limited the limits that hold for it, all at once; who has none is not in it
public record Principal(
        UUID account,
        UUID user,
        Optional<UUID> key,
        Optional<UUID> session,
        Set<Role> roles,
        Set<String> groups,
        Set<String> models,
        Set<Scope> scopes,
        List<Limited> limited) {

    public Principal {
        roles = Set.copyOf(roles);
        groups = Set.copyOf(groups);
        models = Set.copyOf(models);
        scopes = Set.copyOf(scopes);
        limited = List.copyOf(limited);
    }

    /// Who may run inference and has no limits.
    public Principal(
            UUID account,
            UUID user,
            Optional<UUID> key,
            Set<Role> roles,
            Set<String> groups,
            Set<String> models) {
        this(
                account,
                user,
                key,
                Optional.empty(),
                roles,
                groups,
                models,
                Set.of(Scope.INFERENCE),
                List.of());
    }

    /// All that must be in order for this one to go on: whoever of them ends, ends its tasks.
    public Set<Subject> subjects() {
        Set<Subject> subjects = new HashSet<>();
        subjects.add(Subject.account(account));
        subjects.add(Subject.user(user));
        shown().ifPresent(subjects::add);
        return subjects;
    }

    /// By what it was known: its key or its session.
    public Optional<Subject> shown() {
        return key.map(Subject::key).or(() -> session.map(Subject::session));
    }

    public enum Role {
        OWNER,
        ADMIN,
        OPERATOR,
        VIEWER,
        MEMBER
    }

    /// What a key is for. One that manages cannot run inference, so that it may lie in a pipeline.
    public enum Scope {
        INFERENCE,
        MANAGEMENT
    }
}
