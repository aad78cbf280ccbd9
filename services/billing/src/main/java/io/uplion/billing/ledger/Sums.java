// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.ledger;

import io.uplion.openai.TokenUsage;
import java.util.Arrays;

/// What many charges make together.
final class Sums {
    /// In the order of the ledger's columns.
    static final int KINDS = 6;

    private final long[] tokens = new long[KINDS];
    private long requests;
    private long nanos;
    private long absorbed;

    void add(Charge charge) {
        requests++;
        nanos = Math.addExact(nanos, charge.nanos());
        absorbed = Math.addExact(absorbed, charge.absorbed());
        TokenUsage used = charge.usage().tokens();
        long[] more = {
            used.input(),
            used.cachedInput(),
            used.audioInput(),
            used.output(),
            used.reasoning(),
            used.audioOutput()
        };
        Arrays.setAll(tokens, kind -> Math.addExact(tokens[kind], more[kind]));
    }

    void add(Sums more) {
        requests += more.requests;
        nanos = Math.addExact(nanos, more.nanos);
        absorbed = Math.addExact(absorbed, more.absorbed);
        Arrays.setAll(tokens, kind -> Math.addExact(tokens[kind], more.tokens[kind]));
    }

    long requests() {
        return requests;
    }

    long nanos() {
        return nanos;
    }

    long absorbed() {
        return absorbed;
    }

    long tokens(int kind) {
        return tokens[kind];
    }
}
