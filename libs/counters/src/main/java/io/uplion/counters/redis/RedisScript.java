// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// What Redis does in one step, and by its own clock. The text goes along with every call: it is
/// short, calls are few, and a store that has just begun anew knows no script.
enum RedisScript {
    PUT("put.lua"),
    ALL("all.lua"),
    LEASE("lease.lua"),
    RELEASE("release.lua"),
    FLOORS("floors.lua"),
    KEEP("keep.lua");

    private final String text;

    RedisScript(String file) {
        try (InputStream resource = RedisScript.class.getResourceAsStream(file)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + file);
            }
            text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return text;
    }
}
