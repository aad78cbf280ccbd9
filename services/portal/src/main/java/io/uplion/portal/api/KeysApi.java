// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Principal.Role;
import io.uplion.platform.identity.Principal.Scope;
import io.uplion.portal.http.Call;
import io.uplion.portal.http.Caller;
import io.uplion.portal.http.Operation;
import io.uplion.portal.http.ProblemException;
import io.uplion.portal.http.Reply;
import io.uplion.portal.keys.KeyChange;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.KeyEdit;
import io.uplion.portal.keys.KeyMetadata;
import io.uplion.portal.keys.KeyTerms;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.portal.keys.Revocation;
import io.uplion.portal.keys.Rolling;
import io.uplion.portal.limits.Problem;
import io.uplion.portal.paging.Page;
import io.uplion.store.key.IpRange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The operations about keys: everybody's own, and for those who administer, all.
public final class KeysApi {
    private static final Set<Role> ADMINISTER = Set.of(Role.OWNER, Role.ADMIN);
    private static final Duration OVERLAP = Duration.ofDays(1);

    private final Keys keys;
    private final Clock clock;

    public KeysApi(Keys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    public Map<String, Operation> operations() {
        return Map.of(
                "listKeys", this::list,
                "createKey", this::create,
                "getKey", this::get,
                "editKey", this::edit,
                "rollKey", this::roll,
                "revokeKey", this::revoke);
    }

    private Reply list(Call call) {
        Optional<UUID> owner = call.queryId("owner");
        boolean everybodys = call.queryFlag("all");
        UUID self = call.caller().user().id();
        boolean own = !everybodys && owner.filter(id -> !id.equals(self)).isEmpty();
        if (!own && !administers(call.caller())) {
            throw ProblemException.forbidden();
        }
        Page<KeyMetadata> page =
                keys.page(
                        everybodys ? owner : Optional.of(owner.orElse(self)),
                        PageJson.after(call),
                        PageJson.limit(call));
        Instant now = clock.instant();
        return Reply.ok(PageJson.of(page, key -> KeyJson.of(key, now)));
    }

    private Reply create(Call call) {
        JsonObject asked = call.body();
        String own = call.caller().user().email();
        String owner = call.text("ownerEmail").orElse(own);
        if (!owner.equalsIgnoreCase(own) && !administers(call.caller())) {
            throw ProblemException.forbidden();
        }
        NewKey wanted =
                new NewKey(
                        asked.getString("name"),
                        owner,
                        call.text("account").map(UUID::fromString),
                        terms(call),
                        call.text("expiresAt").map(KeysApi::time));
        return switch (keys.create(wanted)) {
            case KeyCreation.Created(var secret, var key) ->
                    Reply.created(shown(key).put("secret", secret.reveal()))
                            .with("location", "/api/keys/" + key.id())
                            .with("etag", KeyJson.version(key));
            case KeyCreation.NoSuchUser() -> throw invalid("ownerEmail", "is nobody's");
            case KeyCreation.NotInAccount() ->
                    throw invalid("account", "is none that its owner belongs to");
            case KeyCreation.TooManyKeys(int limit) ->
                    throw ProblemException.conflict(
                            "There are " + limit + " usable keys already; revoke one first.");
            case KeyCreation.Invalid(var problem) -> throw ProblemException.of(problem);
        };
    }

    private static KeyTerms terms(Call call) {
        String scope = call.text("scope").orElse("inference");
        return new KeyTerms(
                Scope.valueOf(scope.toUpperCase(Locale.ROOT)),
                call.texts("models").orElse(Set.of()),
                call.texts("groups").orElse(Set.of()),
                ranges(call.body().getJsonArray("ipRanges", new JsonArray())),
                LimitsJson.change(call.body().getJsonObject("limits")).applied(Limits.NONE));
    }

    private static List<IpRange> ranges(JsonArray texts) {
        try {
            return texts.stream().map(text -> IpRange.parse((String) text)).toList();
        } catch (IllegalArgumentException e) {
            throw invalid("ipRanges", String.valueOf(e.getMessage()));
        }
    }

    private static Instant time(Object text) {
        return OffsetDateTime.parse((String) text).toInstant();
    }

    private static ProblemException invalid(String field, String reason) {
        return ProblemException.of(new Problem(field, reason));
    }

    private Reply get(Call call) {
        return reply(found(call));
    }

    private Reply edit(Call call) {
        KeyMetadata key = found(call);
        JsonObject sent = call.body();
        KeyEdit edit =
                new KeyEdit(
                        LimitsJson.change(sent, "name", String.class::cast),
                        LimitsJson.change(sent, "models", names -> Call.strings((JsonArray) names)),
                        LimitsJson.change(sent, "groups", names -> Call.strings((JsonArray) names)),
                        LimitsJson.change(sent, "ipRanges", value -> ranges((JsonArray) value)),
                        LimitsJson.change(sent, "expiresAt", KeysApi::time),
                        LimitsJson.change(sent, "enabled", Boolean.class::cast),
                        LimitsJson.change(sent.getJsonObject("limits")));
        return switch (keys.edit(key.id(), seen(call), edit)) {
            case KeyChange.Changed(var changed) -> reply(changed);
            case KeyChange.NoSuchKey() -> throw ProblemException.notFound("key");
            case KeyChange.Revoked() -> throw revoked();
            case KeyChange.Stale() -> throw ProblemException.stale();
            case KeyChange.Invalid(var problem) -> throw ProblemException.of(problem);
        };
    }

    private static java.util.function.Predicate<KeyMetadata> seen(Call call) {
        return key -> call.ifMatch().filter(seen -> !seen.equals(KeyJson.version(key))).isEmpty();
    }

    private Reply roll(Call call) {
        Duration overlap =
                Optional.ofNullable(call.body().getInteger("overlapSeconds"))
                        .map(Duration::ofSeconds)
                        .orElse(OVERLAP);
        return switch (keys.roll(found(call).id(), overlap)) {
            case Rolling.Rolled(var secret, var key, _) ->
                    Reply.created(shown(key).put("secret", secret.reveal()))
                            .with("location", "/api/keys/" + key.id())
                            .with("etag", KeyJson.version(key));
            case Rolling.NoSuchKey() -> throw ProblemException.notFound("key");
            case Rolling.NotUsable(var state) ->
                    throw ProblemException.conflict(
                            "The key is " + state.name().toLowerCase(Locale.ROOT) + ".");
            case Rolling.TooManyKeys(int limit) ->
                    throw ProblemException.conflict(
                            "There are " + limit + " usable keys already; revoke one first.");
            case Rolling.Invalid(var problem) -> throw ProblemException.of(problem);
        };
    }

    private Reply revoke(Call call) {
        return switch (keys.revoke(found(call).id())) {
            case Revocation.Revoked(var key) -> reply(key);
            case Revocation.AlreadyRevoked(var key) -> reply(key);
            case Revocation.NoSuchKey() -> throw ProblemException.notFound("key");
        };
    }

    /// Of another's key nobody is told whether there is one.
    private KeyMetadata found(Call call) {
        return keys.find(call.pathId("id"))
                .filter(key -> isOwn(call, key) || administers(call.caller()))
                .orElseThrow(() -> ProblemException.notFound("key"));
    }

    private static boolean isOwn(Call call, KeyMetadata key) {
        return key.user().equals(call.caller().user().id());
    }

    private static boolean administers(Caller caller) {
        return caller.hasOneOf(ADMINISTER);
    }

    private static ProblemException revoked() {
        return ProblemException.conflict("The key is revoked; it stays as it is.");
    }

    private JsonObject shown(KeyMetadata key) {
        return KeyJson.of(key, clock.instant());
    }

    private Reply reply(KeyMetadata key) {
        return Reply.ok(shown(key)).with("etag", KeyJson.version(key));
    }
}
