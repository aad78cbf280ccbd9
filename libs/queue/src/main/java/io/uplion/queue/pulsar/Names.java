// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import io.uplion.catalog.TopicName;

/// Where things are at the broker. A topic is named without its scheme: `tenant/namespace/name`.
final class Names {
    static final String TENANT = "uplion";
    static final String TASKS = TENANT + "/tasks";
    static final String DEAD = TENANT + "/dead";
    static final String SYSTEM = TENANT + "/system";
    static final String USAGE = SYSTEM + "/usage";

    static final String WORKERS = "workers";
    static final String LETTERS = "letters";
    static final String BILLING = "billing";

    private Names() {}

    static String tasks(String model) {
        return TASKS + "/" + TopicName.of(model);
    }

    static String dead(String model) {
        return DEAD + "/" + TopicName.of(model);
    }

    /// As the client library wants it.
    static String url(String topic) {
        return "persistent://" + topic;
    }
}
