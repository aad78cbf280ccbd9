// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.audit.Audit;
import io.uplion.portal.audit.AuditEntry;
import io.uplion.portal.audit.AuditQuery;
import io.uplion.portal.http.Call;
import io.uplion.portal.http.Operation;
import io.uplion.portal.http.Reply;
import io.uplion.portal.http.Sink;
import io.uplion.portal.paging.Page;
import io.uplion.portal.paging.Position;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The operations about what was changed.
public final class AuditApi {
    private static final int ROWS_AT_ONCE = 1_000;
    private static final Instant ALWAYS = Instant.EPOCH;
    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    private final Audit audit;

    public AuditApi(Audit audit) {
        this.audit = audit;
    }

    public Map<String, Operation> operations() {
        return Map.of("listAudit", this::list, "listAuditCsv", this::csv);
    }

    private Reply list(Call call) {
        return Reply.ok(
                PageJson.of(
                        audit.page(asked(call), PageJson.after(call), PageJson.limit(call)),
                        AuditApi::shown));
    }

    private static AuditQuery asked(Call call) {
        return new AuditQuery(
                call.queryTime("from").orElse(ALWAYS),
                call.queryTime("to").orElse(NEVER),
                call.queryId("actor"),
                call.queryId("object"),
                call.query("kind").map(kind -> kind.toUpperCase(Locale.ROOT)),
                call.query("action").map(action -> action.toUpperCase(Locale.ROOT)));
    }

    private static JsonObject shown(AuditEntry entry) {
        return new JsonObject()
                .put("id", entry.id().toString())
                .put("at", entry.at().toString())
                .put("actor", entry.actor().map(Object::toString).orElse(null))
                .put("actorEmail", entry.actorEmail().orElse(null))
                .put("key", entry.key().map(Object::toString).orElse(null))
                .put("address", entry.address().orElse(null))
                .put("action", entry.action().toLowerCase(Locale.ROOT))
                .put("kind", entry.kind().toLowerCase(Locale.ROOT))
                .put("object", entry.object().toString())
                .put("before", entry.before().map(JsonObject::new).orElse(null))
                .put("after", entry.after().map(JsonObject::new).orElse(null));
    }

    private Reply csv(Call call) {
        AuditQuery asked = asked(call);
        return Csv.attached("audit.csv", sink -> write(asked, sink));
    }

    private void write(AuditQuery asked, Sink sink) {
        sink.write(
                Csv.line(
                        List.of(
                                "at",
                                "actor",
                                "actor_email",
                                "key",
                                "address",
                                "action",
                                "kind",
                                "object",
                                "before",
                                "after")));
        Optional<Position> after = Optional.of(Position.FIRST);
        while (after.isPresent()) {
            Page<AuditEntry> page = audit.page(asked, after.get(), ROWS_AT_ONCE);
            StringBuilder lines = new StringBuilder();
            page.items().forEach(entry -> lines.append(line(entry)));
            if (!lines.isEmpty()) {
                sink.write(lines.toString());
            }
            after = page.next();
        }
    }

    private static String line(AuditEntry entry) {
        return Csv.line(
                List.of(
                        entry.at().toString(),
                        entry.actor().map(Object::toString).orElse(""),
                        entry.actorEmail().orElse(""),
                        entry.key().map(Object::toString).orElse(""),
                        entry.address().orElse(""),
                        entry.action().toLowerCase(Locale.ROOT),
                        entry.kind().toLowerCase(Locale.ROOT),
                        entry.object().toString(),
                        entry.before().orElse(""),
                        entry.after().orElse("")));
    }
}
