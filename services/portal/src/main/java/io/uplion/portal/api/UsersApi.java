// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.http.Call;
import io.uplion.portal.http.Operation;
import io.uplion.portal.http.ProblemException;
import io.uplion.portal.http.Reply;
import io.uplion.portal.identity.Editor;
import io.uplion.portal.identity.ManagedUser;
import io.uplion.portal.identity.ManagedUsers;
import io.uplion.portal.identity.NewUser;
import io.uplion.portal.identity.PasswordChoice;
import io.uplion.portal.identity.PasswordLink;
import io.uplion.portal.identity.PasswordLinks;
import io.uplion.portal.identity.Sessions;
import io.uplion.portal.identity.UserChange;
import io.uplion.portal.identity.UserCreation;
import io.uplion.portal.identity.UserEdit;
import io.uplion.portal.identity.UserQuery;
import io.uplion.portal.limits.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The operations about other users than oneself.
public final class UsersApi {
    private final ManagedUsers users;
    private final PasswordLinks links;
    private final Sessions sessions;

    public UsersApi(ManagedUsers users, PasswordLinks links, Sessions sessions) {
        this.users = users;
        this.links = links;
        this.sessions = sessions;
    }

    public Map<String, Operation> operations() {
        return Map.of(
                "listUsers", this::list,
                "createUser", this::create,
                "getUser", this::get,
                "editUser", this::edit,
                "makePasswordLink", this::link,
                "choosePassword", this::choose,
                "listUsersSessions", this::sessions,
                "endUsersSessions", this::endSessions);
    }

    private Reply list(Call call) {
        UserQuery asked =
                new UserQuery(
                        call.query("search"),
                        call.query("role").map(UsersApi::role),
                        call.query("group"),
                        call.queryChoice("disabled"));
        return Reply.ok(
                PageJson.of(
                        users.page(asked, PageJson.after(call), PageJson.limit(call)),
                        UserJson::of));
    }

    private static Role role(String name) {
        return Role.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Set<Role> roles(Set<String> names) {
        return names.stream().map(UsersApi::role).collect(Collectors.toUnmodifiableSet());
    }

    private static Editor editor(Call call) {
        return new Editor(call.caller().user().id(), call.caller().user().roles());
    }

    private Reply create(Call call) {
        NewUser asked =
                new NewUser(
                        call.body().getString("email"),
                        call.body().getString("name"),
                        roles(call.texts("roles").orElse(Set.of())),
                        call.texts("groups").orElse(Set.of()));
        return switch (users.create(editor(call), asked)) {
            case UserCreation.Created(var user, var link) ->
                    Reply.created(UserJson.of(user).put("passwordLink", shown(link)))
                            .with("location", "/api/users/" + user.user().id())
                            .with("etag", UserJson.version(user));
            case UserCreation.EmailTaken() ->
                    throw ProblemException.of(new Problem("email", "is somebody's already"));
            case UserCreation.Forbidden() ->
                    throw ProblemException.of(403, "forbidden", "Only owners make owners.");
            case UserCreation.Invalid(var problem) -> throw ProblemException.of(problem);
        };
    }

    private static JsonObject shown(PasswordLink link) {
        return new JsonObject()
                .put("token", link.token().reveal())
                .put("expiresAt", link.expiresAt().toString());
    }

    private Reply get(Call call) {
        return reply(found(call));
    }

    private ManagedUser found(Call call) {
        return users.find(call.pathId("id")).orElseThrow(() -> ProblemException.notFound("user"));
    }

    private static Reply reply(ManagedUser user) {
        return Reply.ok(UserJson.of(user)).with("etag", UserJson.version(user));
    }

    private Reply edit(Call call) {
        JsonObject sent = call.body();
        UserEdit edit =
                new UserEdit(
                        LimitsJson.change(sent, "name", String.class::cast),
                        LimitsJson.change(
                                sent, "roles", names -> roles(Call.strings((JsonArray) names))),
                        LimitsJson.change(sent, "groups", names -> Call.strings((JsonArray) names)),
                        LimitsJson.change(sent, "disabled", Boolean.class::cast),
                        LimitsJson.change(sent.getJsonObject("limits")));
        return switch (users.edit(editor(call), call.pathId("id"), seen(call), edit)) {
            case UserChange.Changed(var changed) -> reply(changed);
            case UserChange.NoSuchUser() -> throw ProblemException.notFound("user");
            case UserChange.Stale() -> throw ProblemException.stale();
            case UserChange.Forbidden(var why) -> throw ProblemException.of(403, "forbidden", why);
            case UserChange.LastOwner() ->
                    throw ProblemException.conflict(
                            "This is the last owner who can sign in; make another one first.");
            case UserChange.Invalid(var problem) -> throw ProblemException.of(problem);
        };
    }

    private static Predicate<ManagedUser> seen(Call call) {
        Optional<String> seen = call.ifMatch();
        return user -> seen.filter(its -> !its.equals(UserJson.version(user))).isEmpty();
    }

    private Reply link(Call call) {
        ManagedUser user = found(call);
        if (user.user().disabled()) {
            throw ProblemException.conflict("The user is switched off.");
        }
        return Reply.created(
                shown(
                        users.link(editor(call), user.user().id())
                                .orElseThrow(ProblemException::forbidden)));
    }

    private Reply choose(Call call) {
        PlainHttp.refuse(call);
        return switch (links.choose(
                Secret.of(call.body().getString("token")),
                Secret.of(call.body().getString("password")))) {
            case PasswordChoice.Done() -> Reply.noContent();
            case PasswordChoice.NoSuchLink() ->
                    throw ProblemException.of(
                            403,
                            "no_such_link",
                            "This link is used up, too old, or none of ours; ask for another one.");
            case PasswordChoice.Invalid(var problem) -> throw ProblemException.of(problem);
        };
    }

    private Reply sessions(Call call) {
        return Reply.ok(
                new JsonObject()
                        .put(
                                "items",
                                new JsonArray(
                                        sessions.of(found(call).user().id()).stream()
                                                .map(SessionJson::of)
                                                .toList())));
    }

    private Reply endSessions(Call call) {
        ManagedUser user = found(call);
        if (!editor(call).reaches(user.user())) {
            throw ProblemException.forbidden();
        }
        sessions.endAll(user.user().id(), Optional.empty());
        return Reply.noContent();
    }
}
