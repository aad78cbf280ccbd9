// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewaysTest {
    private static final Upstream ONE = upstream("gateway-1", 1001);
    private static final Upstream TWO = upstream("gateway-2", 1002);
    private static final Upstream THREE = upstream("gateway-3", 1003);

    private final Gateways gateways = new Gateways(List.of(ONE, TWO, THREE));

    private static Upstream upstream(String name, int port) {
        var url = URI.create("http://127.0.0.1:" + port);
        return new Upstream(name, url, url.resolve("/readyz"));
    }

    private List<Upstream> turn() {
        var turn = new ArrayList<Upstream>();
        gateways.inTurn().forEachRemaining(turn::add);
        return turn;
    }

    @Test
    void nobodyIsReadyBeforeACheckHasSaidSo() {
        assertThat(gateways.isAnyReady()).isFalse();
        assertThat(turn()).isEmpty();
    }

    @Test
    void readyOnesComeInTurnEachOnceInEachTurn() {
        gateways.mark(ONE, true);
        gateways.mark(THREE, true);
        gateways.mark(TWO, true);

        assertThat(turn()).containsExactly(ONE, TWO, THREE);
        assertThat(turn()).containsExactly(TWO, THREE, ONE);
        assertThat(turn()).containsExactly(THREE, ONE, TWO);
        assertThat(turn()).containsExactly(ONE, TWO, THREE);
    }

    @Test
    void oneThatIsNotWellIsLeftOutUntilItIs() {
        gateways.mark(ONE, true);
        gateways.mark(TWO, true);
        gateways.mark(ONE, false);
        gateways.mark(ONE, false);
        assertThat(turn()).containsExactly(TWO);

        gateways.mark(TWO, false);
        assertThat(gateways.isAnyReady()).isFalse();

        gateways.mark(ONE, true);
        assertThat(turn()).containsExactly(ONE);
        assertThat(gateways.isAnyReady()).isTrue();
    }
}
