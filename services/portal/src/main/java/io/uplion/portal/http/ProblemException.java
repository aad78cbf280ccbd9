// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.portal.limits.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/// A request that cannot be done, as RFC 9457 tells it: with a code for programs, a sentence for
/// people, and where it was about fields, which and why.
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Reply reply;

    private ProblemException(int status, String code, String detail, List<Problem> fields) {
        super(detail, null, false, false);
        JsonObject body =
                new JsonObject().put("status", status).put("code", code).put("detail", detail);
        if (!fields.isEmpty()) {
            body.put(
                    "errors", new JsonArray(fields.stream().map(ProblemException::field).toList()));
        }
        this.reply = Reply.json(status, body).with("content-type", "application/problem+json");
    }

    private ProblemException(String detail, Reply reply) {
        super(detail, null, false, false);
        this.reply = reply;
    }

    private static JsonObject field(Problem problem) {
        return new JsonObject().put("field", problem.field()).put("reason", problem.reason());
    }

    public static ProblemException of(int status, String code, String detail) {
        return new ProblemException(status, code, detail, List.of());
    }

    /// 422, for what the document's form cannot say.
    public static ProblemException of(Problem problem) {
        return of(422, List.of(problem));
    }

    static ProblemException of(int status, List<Problem> fields) {
        return new ProblemException(status, "invalid", fields.getFirst().toString(), fields);
    }

    public static ProblemException notFound(String what) {
        return of(404, "not_found", "There is no such " + what + ".");
    }

    public static ProblemException forbidden() {
        return of(403, "forbidden", "Your roles do not allow this.");
    }

    public static ProblemException conflict(String detail) {
        return of(409, "conflict", detail);
    }

    /// Somebody has changed it since the client saw it.
    public static ProblemException stale() {
        return of(412, "stale", "It has changed since you saw it. Load it again.");
    }

    public ProblemException with(String header, String value) {
        return new ProblemException(String.valueOf(getMessage()), reply.with(header, value));
    }

    Reply reply() {
        return reply;
    }
}
