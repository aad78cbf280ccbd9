// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.util.List;

/// `GET /v1/models`: the default model and those with a script of their own.
final class ModelList {
    private ModelList() {}

    static String of(List<String> names) {
        StringBuilder out = new StringBuilder("{\"object\":\"list\",\"data\":[");
        model(out, "fake");
        for (String name : names) {
            out.append(',');
            model(out, name);
        }
        return out.append("]}").toString();
    }

    private static void model(StringBuilder out, String name) {
        out.append("{\"id\":")
                .append(JsonText.quoted(name))
                .append(",\"object\":\"model\",\"created\":1735689600,\"owned_by\":\"fake\"}");
    }
}
