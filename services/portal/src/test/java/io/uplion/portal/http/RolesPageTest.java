// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.portal.Portal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The page says of every operation who may ask for it, as the document does that the door reads.
class RolesPageTest {
    private static final Path PAGE = Path.of("../../docs/reference/roles.md");

    @Test
    void pageNamesEachOperationWithItsRoles() throws IOException {
        var rows =
                Files.readAllLines(PAGE).stream()
                        .filter(line -> line.startsWith("| `"))
                        .sorted()
                        .toList();

        assertThat(rows).isEqualTo(rows(ApiDocument.of(Portal.AREAS).json()));
    }

    private static List<String> rows(JsonObject document) {
        var rows = new ArrayList<String>();
        for (var path : document.getJsonObject("paths")) {
            for (var method : (JsonObject) path.getValue()) {
                if (method.getValue() instanceof JsonObject operation) {
                    rows.add(row(method.getKey(), path.getKey(), operation));
                }
            }
        }
        return rows.stream().sorted().toList();
    }

    private static String row(String method, String path, JsonObject operation) {
        var roles = operation.getJsonArray(ApiDocument.ROLES);
        var who =
                roles == null
                        ? "anybody"
                        : roles.stream().map(Object::toString).collect(Collectors.joining(", "));
        return "| `%s %s` | %s | %s |"
                .formatted(
                        method.toUpperCase(Locale.ROOT), path, who, operation.getString("summary"));
    }
}
