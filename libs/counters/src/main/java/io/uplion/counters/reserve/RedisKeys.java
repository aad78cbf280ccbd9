// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import java.util.UUID;

/// The keys of one account. They stand on one node of a cluster, because the account is their hash
/// tag.
record RedisKeys(UUID account) {
    /// @param leases as [#leases] has made it
    static RedisKeys ofLeases(String leases) {
        int begin = leases.indexOf('{') + 1;
        return new RedisKeys(UUID.fromString(leases.substring(begin, leases.indexOf('}'))));
    }

    private String key(String kind) {
        return "uplion:" + kind + ":{" + account + "}";
    }

    String tasks() {
        return key("tasks");
    }

    String leases() {
        return key("leases");
    }

    String over(UUID task) {
        return key("over") + ":" + task;
    }

    String tokens(String subject) {
        return key("tokens") + ":" + subject;
    }
}
