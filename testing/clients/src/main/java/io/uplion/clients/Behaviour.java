// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The models that the clients ask for, and what the provider behind each does.
public enum Behaviour {
    FAKE(""),
    CALLER("tool"),
    ODD_FRAMES("utf8;split;crlf;no-done;no-usage"),
    ENDLESS("tokens=100000;interval=20ms"),
    LATE("ttft=1500ms"),
    SILENT("silent"),
    DOWN("status=500"),
    REFUSING("status=400"),
    CUT("cut=4"),
    BROKEN("stream-error=4"),
    FLAKY("status=503;fail=2"),
    LIMITED("status=429;retry-after=1;fail=1"),
    LIMITED_ONCE("status=429;retry-after=1;fail=1"),
    LIMITING("status=429;retry-after=60"),
    LOCKED_OUT("status=401;fail=1");

    private final String script;

    Behaviour(String script) {
        this.script = script;
    }

    /// The model that this client asks for: each has its own, because some behave differently the
    /// second time, and some pools rest afterwards.
    public String of(Client client) {
        return client.id() + "-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// By model.
    static Map<String, String> scripts() {
        Map<String, String> scripts = new HashMap<>();
        for (Client client : Client.values()) {
            Arrays.stream(values())
                    .forEach(behaviour -> scripts.put(behaviour.of(client), behaviour.script));
        }
        return scripts;
    }
}
