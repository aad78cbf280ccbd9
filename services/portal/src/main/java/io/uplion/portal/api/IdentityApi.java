// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.platform.secret.Secret;
import io.uplion.portal.http.Call;
import io.uplion.portal.http.Operation;
import io.uplion.portal.http.ProblemException;
import io.uplion.portal.http.Reply;
import io.uplion.portal.http.SessionCookie;
import io.uplion.portal.identity.Origin;
import io.uplion.portal.identity.PasswordChange;
import io.uplion.portal.identity.Session;
import io.uplion.portal.identity.Sessions;
import io.uplion.portal.identity.SignIn;
import io.uplion.portal.identity.SignIns;
import io.uplion.portal.identity.User;
import io.uplion.portal.identity.Users;
import io.uplion.portal.limits.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The operations of those who sign in, and of nobody else's sessions than their own.
public final class IdentityApi {
    private static final String SET_COOKIE = "set-cookie";

    private final Users users;
    private final Sessions sessions;
    private final SignIns signIns;
    private final Clock clock;

    public IdentityApi(Users users, Sessions sessions, SignIns signIns, Clock clock) {
        this.users = users;
        this.sessions = sessions;
        this.signIns = signIns;
        this.clock = clock;
    }

    public Map<String, Operation> operations() {
        return Map.of(
                "signIn", this::signIn,
                "getSession", this::session,
                "signOut", this::signOut,
                "listSessions", this::list,
                "endSession", this::end,
                "endSessions", this::endAll,
                "changePassword", this::changePassword);
    }

    private Reply signIn(Call call) {
        PlainHttp.refuse(call);
        Secret password = Secret.of(call.body().getString("password"));
        SignIn outcome =
                signIns.signIn(call.body().getString("email"), password, call.client().address());
        return switch (outcome) {
            case SignIn.Accepted(var user) -> opened(call, user);
            case SignIn.Refused() ->
                    throw ProblemException.of(
                            401, "wrong_login", "Email or password are not right.");
            case SignIn.Disabled() ->
                    throw ProblemException.of(
                            403, "disabled", "You are switched off; ask an admin.");
            case SignIn.Throttled(var wait) -> throw throttled(wait);
        };
    }

    private static ProblemException throttled(Duration wait) {
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        return ProblemException.of(
                        429,
                        "too_many_failures",
                        "Too many have failed; try again in " + seconds + " s.")
                .with("retry-after", Long.toString(seconds));
    }

    private Reply opened(Call call, User user) {
        // A session that the browser had before is over: nobody can have given it to the browser.
        call.asker()
                .ifPresent(
                        before ->
                                before.session()
                                        .ifPresent(
                                                session ->
                                                        sessions.end(before.user().id(), session)));
        Origin origin = new Origin(call.client().address(), call.client().userAgent());
        Sessions.Opened opened = sessions.open(user, origin);
        Duration kept = Duration.between(clock.instant(), opened.session().expiresAt());
        return Reply.ok(me(user, opened.session().id()))
                .with(SET_COOKIE, SessionCookie.given(opened.token(), kept));
    }

    private Reply session(Call call) {
        return Reply.ok(me(call.caller().user(), call.session()));
    }

    private static JsonObject me(User user, UUID session) {
        return new JsonObject()
                .put("session", session.toString())
                .put(
                        "user",
                        UserJson.of(user).put("mustChangePassword", user.mustChangePassword()));
    }

    private Reply signOut(Call call) {
        sessions.end(call.caller().user().id(), call.session());
        return Reply.noContent().with(SET_COOKIE, SessionCookie.taken());
    }

    private Reply list(Call call) {
        Optional<UUID> current = call.caller().session();
        return Reply.ok(
                new JsonObject()
                        .put(
                                "items",
                                new JsonArray(
                                        sessions.of(call.caller().user().id()).stream()
                                                .map(session -> shown(session, current))
                                                .toList())));
    }

    private static JsonObject shown(Session session, Optional<UUID> current) {
        return SessionJson.of(session)
                .put("current", current.filter(session.id()::equals).isPresent());
    }

    private Reply end(Call call) {
        if (!sessions.end(call.caller().user().id(), call.pathId("id"))) {
            throw ProblemException.notFound("session");
        }
        return Reply.noContent();
    }

    private Reply endAll(Call call) {
        sessions.endAll(call.caller().user().id(), Optional.empty());
        return Reply.noContent().with(SET_COOKIE, SessionCookie.taken());
    }

    /// Whoever has found an open session may not guess its password from there.
    private void refuseGuesses(Call call, Secret current) {
        SignIn known =
                signIns.signIn(call.caller().user().email(), current, call.client().address());
        if (known instanceof SignIn.Throttled(var wait)) {
            throw throttled(wait);
        }
    }

    private Reply changePassword(Call call) {
        PlainHttp.refuse(call);
        Optional<UUID> session = Optional.of(call.session());
        Secret current = Secret.of(call.body().getString("current"));
        refuseGuesses(call, current);
        PasswordChange change =
                users.changePassword(
                        call.caller().user().id(),
                        session,
                        current,
                        Secret.of(call.body().getString("password")));
        return switch (change) {
            case PasswordChange.Done() -> Reply.noContent();
            case PasswordChange.WrongPassword() ->
                    throw ProblemException.of(
                            new Problem("current", "is not your present password"));
            case PasswordChange.Invalid(var problem) -> throw ProblemException.of(problem);
        };
    }
}
