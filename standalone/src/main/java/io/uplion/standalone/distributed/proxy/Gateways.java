// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which gateways are ready, and whose turn it is. Any thread may call.
final class Gateways {
    private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);

    private final List<Upstream> all;
    private final Set<Upstream> well = new HashSet<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Upstream> ready = List.of();

    Gateways(List<Upstream> all) {
        this.all = List.copyOf(all);
    }

    List<Upstream> all() {
        return all;
    }

    boolean isAnyReady() {
        return !ready.isEmpty();
    }

    /// Those that are ready, each once, beginning with another one each time.
    Iterator<Upstream> inTurn() {
        List<Upstream> now = new ArrayList<>(ready);
        Collections.rotate(now, -Math.floorMod(turn.getAndIncrement(), Math.max(1, now.size())));
        return now.iterator();
    }

    /// What a check has found, or a connection that was refused.
    synchronized void mark(Upstream gateway, boolean isWell) {
        if (isWell ? well.add(gateway) : well.remove(gateway)) {
            LOG.info("{} is {}", gateway.name(), isWell ? "ready" : "not ready");
            ready = all.stream().filter(well::contains).toList();
        }
    }
}
