// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.http.Call;
import io.uplion.portal.http.ProblemException;
import io.uplion.portal.limits.Problem;
import io.uplion.portal.paging.Page;
import io.uplion.portal.paging.Position;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/// Pages as they are asked for and shown.
public final class PageJson {
    private static final int USUAL = 50;

    private PageJson() {}

    public static <T> JsonObject of(Page<T> page, Function<T, JsonObject> shown) {
        return new JsonObject()
                .put("items", new JsonArray(page.items().stream().map(shown).toList()))
                .put("next", page.next().map(Position::text).orElse(null));
    }

    /// Where the page that is asked for begins.
    public static Position after(Call call) {
        return call.query("after").map(PageJson::parsed).orElse(Position.FIRST);
    }

    private static Position parsed(String text) {
        return Position.parse(text)
                .orElseThrow(
                        () -> ProblemException.of(new Problem("after", "is no `next` of a page")));
    }

    public static int limit(Call call) {
        return call.queryNumber("limit").orElse(USUAL);
    }
}
