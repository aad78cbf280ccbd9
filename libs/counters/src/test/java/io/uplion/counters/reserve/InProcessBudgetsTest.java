// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.reserve.BudgetModel.Step;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class InProcessBudgetsTest extends BudgetsContract {
    private final InProcessReservations store =
            new InProcessReservations(System::nanoTime, SHORT, () -> 1);

    @Override
    Purse purse(UUID account) {
        return new Purse(store, store, account);
    }

    @Property(tries = 500)
    void itDoesWhatThePlainModelDoes(@ForAll("steps") List<Step> steps) {
        var own = new InProcessReservations(System::nanoTime);
        new BudgetModel(new Purse(own, own, UUID.randomUUID())).play(steps);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Steps.any();
    }
}
