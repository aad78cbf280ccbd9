// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Checks after a run what must hold whatever failed in it: every request ends once, no answer is
/// mixed or has a gap, what was answered is recorded and billed once, nobody works for clients that
/// are gone, and nothing is left in memory or held in counters.
public final class InvariantChecker {
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();
    private static final List<Invariant> ALL =
            List.of(
                    new EachEndsOnce(),
                    new OneAnswer(),
                    new OwnAnswer(),
                    new EveryUseIsRecorded(),
                    new RecordsAgreeWithEnds(),
                    new LedgerAgrees(),
                    new NoOrphanWork(),
                    new NothingIsLeft());

    private final Rules rules;

    public InvariantChecker(Rules rules) {
        this.rules = rules;
    }

    public Report check(Evidence evidence) {
        Findings findings = new Findings();
        ALL.forEach(invariant -> invariant.check(evidence, rules, findings));
        return findings.report();
    }

    /// Collects evidence anew until it is clean, because processes need a moment to come to rest
    /// and records one to arrive.
    ///
    /// @return the last report: clean, or what was still wrong at the limit
    public Report settle(Duration limit, Supplier<Evidence> evidence) {
        long deadline = System.nanoTime() + limit.toNanos();
        Report report = check(evidence.get());
        while (!report.isClean() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
            report = check(evidence.get());
        }
        return report;
    }
}
