// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.model;

import java.util.ArrayList;
import java.util.List;

/// A rule of the protocol that is left out, and a promise that it was good for.
enum Mutation {
    TWO_GRANTS("OneVoice"),
    NO_FRAME_FENCE("NoOrphanGrant"),
    COUNT_BY_BROKER("AttemptsAreBounded"),
    PUBLISH_BEFORE_REGISTER("EveryRequestTerminates"),
    ACK_ON_DELIVERY("AckedImpliesDone"),
    ACK_UNCOMMITTED("EveryRequestTerminates"),
    NO_KEEPALIVE("NoOrphanGrant"),
    END_BEFORE_USAGE("CompleteImpliesDurable"),
    WORKER_ALONE_REPORTS("CommittedIsAccounted"),
    TELL_BEFORE_CLAIM("HeardIsAccounted"),
    NO_UNIQUE_KEY("NoDoubleBill"),
    CHARGE_BY_CLAIM("NoOvershoot"),
    NO_PIN("NoOvershoot"),
    NO_VERSION("NoOvershoot", "TASKS=2", "FAULTS=1", "KINDS=32"),
    EXPIRE_LIVE_LEASE("CompleteIsPaid"),
    EXPIRE_BEFORE_BILLING("CompleteIsPaid"),
    RENEW_REVIVES("ReservationFreed"),
    CHARGE_BEFORE_RECORD("ReservationFreed", "TASKS=1", "FAULTS=2"),
    MISSING_IS_ZERO("NoOvershoot"),
    REBUILD_IGNORES_ROWS("ReservationFreed"),
    REBUILD_OPENS_UNDRAINED("CompleteIsPaid"),
    REBUILD_IGNORES_BUDGET("NoOvershoot", "TASKS=2", "FAULTS=2", "KINDS=192", "ATTEMPTS=1");

    private final String promise;
    private final List<String> size;

    /// @param size the smallest model in which it shows, where one request and one fault do not do
    Mutation(String promise, String... size) {
        this.promise = promise;
        this.size = List.of(size);
    }

    String promise() {
        return promise;
    }

    String option() {
        return "MUTATION_" + name();
    }

    Search.Result found() throws Exception {
        var options = new ArrayList<>(size.isEmpty() ? List.of("TASKS=1", "FAULTS=1") : size);
        options.addAll(List.of("PATIENT", option()));
        var search = new Search(option(), options);
        return size.isEmpty() ? search.everyError() : search.firstError();
    }
}
