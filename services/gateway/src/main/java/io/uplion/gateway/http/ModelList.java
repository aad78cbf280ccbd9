// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.uplion.catalog.live.ServedModel;
import io.uplion.gateway.admission.Admission;
import io.uplion.gateway.answer.Answers;
import io.uplion.gateway.answer.RefusalLog;
import io.uplion.openai.JsonText;
import io.uplion.platform.identity.Principal;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// `GET /v1/models` and `GET /v1/models/{id}`.
final class ModelList {
    /// As the log calls it.
    static final String ENDPOINT = "models";

    private final ModelListing listing;
    private final Answers answers;

    ModelList(ModelListing listing, Answers answers) {
        this.listing = listing;
        this.answers = answers;
    }

    record Asked(Principal principal, HttpServerResponse response) {}

    void list(Asked asked) {
        byte[] json =
                JsonText.object(
                        out -> {
                            out.writeStringField("object", "list");
                            out.writeArrayFieldStart("data");
                            for (ServedModel model : listing.of(asked.principal())) {
                                out.writeStartObject();
                                fields(out, model);
                                out.writeEndObject();
                            }
                            out.writeEndArray();
                        });
        answers.json(asked.response(), 200, json);
    }

    /// @param prefix characters of the path before the id, which may hold slashes
    void one(HttpServerRequest request, Asked asked, int prefix) {
        Optional<String> id = decoded(String.valueOf(request.path()).substring(prefix));
        Optional<ServedModel> model = id.flatMap(name -> listing.one(asked.principal(), name));
        if (model.isEmpty()) {
            answers.refuse(
                    asked.response(),
                    Admission.notFound(shown(id.orElse("?"))),
                    new RefusalLog.About(Optional.of(asked.principal()), ENDPOINT, ""));
            return;
        }
        answers.json(asked.response(), 200, JsonText.object(out -> fields(out, model.get())));
    }

    private static String shown(String id) {
        return id.length() > 100 ? id.substring(0, 100) + "…" : id;
    }

    private static Optional<String> decoded(String id) {
        try {
            return Optional.of(URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void fields(JsonGenerator out, ServedModel model) throws IOException {
        out.writeStringField("id", model.model());
        out.writeStringField("object", "model");
        out.writeNumberField("created", model.since().getEpochSecond());
        out.writeStringField("owned_by", "uplion");
    }
}
