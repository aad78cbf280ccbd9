// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The OpenAPI document of `/api`. Each area of it stands in a file of its own under `openapi/`:
/// paths, schemas, and for each operation which roles may ask for it.
public final class ApiDocument {
    /// The roles that may ask: one of these, or `everyone` who has signed in.
    static final String ROLES = "x-uplion-roles";

    /// Of operations that somebody may ask for who must change his password first.
    static final String FIRST = "x-uplion-first";

    private static final String COMMON = "common";
    private static final List<String> SHARED =
            List.of("schemas", "responses", "parameters", "headers");

    private final JsonObject document;

    private ApiDocument(JsonObject document) {
        this.document = document;
    }

    /// @param areas names of files
    /// @throws IllegalStateException where two areas say something about the same
    public static ApiDocument of(List<String> areas) {
        JsonObject whole = read(COMMON);
        for (String area : areas) {
            add(whole, read(area));
        }
        return new ApiDocument(whole);
    }

    private static void add(JsonObject whole, JsonObject area) {
        join(whole.getJsonObject("paths"), area.getJsonObject("paths"));
        whole.getJsonArray("tags").addAll(area.getJsonArray("tags"));
        JsonObject components = area.getJsonObject("components", new JsonObject());
        for (String kind : SHARED) {
            join(
                    whole.getJsonObject("components").getJsonObject(kind),
                    components.getJsonObject(kind, new JsonObject()));
        }
    }

    private static void join(JsonObject whole, JsonObject part) {
        for (Map.Entry<String, Object> entry : part) {
            if (whole.containsKey(entry.getKey())) {
                throw new IllegalStateException("said twice: " + entry.getKey());
            }
            whole.put(entry.getKey(), entry.getValue());
        }
    }

    private static JsonObject read(String area) {
        String name = "/openapi/" + area + ".yaml";
        try (InputStream in = ApiDocument.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + name);
            }
            Object parsed =
                    new Load(LoadSettings.builder().setLabel(name).build()).loadFromInputStream(in);
            if (parsed instanceof Map<?, ?> map) {
                return JsonObject.mapFrom(map);
            }
            throw new IllegalStateException(name + " is not a mapping");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonObject json() {
        return document;
    }
}
