// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.access.Answer.Found;
import io.uplion.access.Answer.Unavailable;
import io.uplion.access.Answer.Unknown;
import io.uplion.platform.management.Readiness;
import io.uplion.store.key.DatedKey;
import io.uplion.store.key.KeyHash;
import io.uplion.store.key.StoredKey;
import io.uplion.store.key.StoredKeys;
import io.uplion.store.key.StoredKeys.AsOf;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds keys in the cache that nodes share, else in the database, and believes neither more than
/// the floors allow.
final class KeySource {
    /// A key that changes while it is read is read once more.
    private static final int READS = 2;

    private final KeyReads reads;
    private final KeyCache cache;
    private final Belief belief;
    private final Readiness database;
    private final Clock clock;

    /// A database that could not be asked at the last look is not waited for.
    KeySource(Access.Ports ports, Belief belief, Clock clock) {
        this.reads = ports.reads();
        this.cache = ports.cache();
        this.belief = belief;
        this.database = ports.database();
        this.clock = clock;
    }

    /// Runs on a look-up's thread. Throws [KeyReads.Failed] where nothing is known of any of them.
    Map<KeyHash, Answer> find(Set<KeyHash> hashes) {
        Map<KeyHash, Answer> answers = new HashMap<>();
        boolean shared = belief.mayUseSharedCache();
        if (shared) {
            fromCache(hashes, answers);
        }
        Set<KeyHash> rest = new HashSet<>(hashes);
        rest.removeAll(answers.keySet());
        for (int read = 0; read < READS && !rest.isEmpty() && database.isReady(); read++) {
            if (!fromDatabase(rest, answers, shared)) {
                break;
            }
            rest.removeAll(answers.keySet());
        }
        hashes.forEach(hash -> answers.putIfAbsent(hash, new Unavailable()));
        return answers;
    }

    private void fromCache(Set<KeyHash> hashes, Map<KeyHash, Answer> answers) {
        cache.find(hashes)
                .forEach(
                        (hash, dated) -> {
                            // Whoever put it there: it is as old as its time says.
                            AsOf asOf = new AsOf(dated.asOf(), true);
                            if (belief.believes(dated.key(), asOf, clock.instant())) {
                                answers.put(hash, new Found(dated.key(), asOf));
                            }
                        });
    }

    /// @return whether reading again may tell more: a replica that lags does so for longer
    private boolean fromDatabase(
            Set<KeyHash> hashes, Map<KeyHash, Answer> answers, boolean shared) {
        StoredKeys.Found found;
        try {
            found = reads.find(hashes);
        } catch (KeyReads.Failed e) {
            if (answers.isEmpty()) {
                throw e;
            }
            return false;
        }
        List<DatedKey> believed = new ArrayList<>();
        for (KeyHash hash : hashes) {
            StoredKey key = found.keys().get(hash);
            if (key == null && belief.isRecent(found.asOf(), clock.instant())) {
                answers.put(hash, new Unknown());
            }
            if (key != null && belief.believes(key, found.asOf(), clock.instant())) {
                answers.put(hash, new Found(key, found.asOf()));
                believed.add(new DatedKey(key, found.asOf().time()));
            }
        }
        if (shared) {
            cache.put(believed);
        }
        return !found.asOf().replica();
    }
}
