// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.queue.TopicState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PulsarStatisticsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static TopicState state(long backlog, long unacked) throws JsonProcessingException {
        JsonNode stats =
                JSON.readTree(
                        """
                        {"msgInCounter": 100, "subscriptions": {"workers": {
                            "msgBacklog": %d, "unackedMessages": %d, "consumers": [{}, {}]}}}
                        """
                                .formatted(backlog, unacked));
        JsonNode inside =
                JSON.readTree(
                        """
                        {"cursors": {"workers": {"readPosition": "7:40"}},
                            "ledgers": [{"ledgerId": 7, "entries": 0}],
                            "currentLedgerEntries": 50}
                        """);
        return PulsarStatistics.state(stats, inside);
    }

    @Test
    void countsAreReadAsTheBrokerTellsThem() throws Exception {
        var state = state(12, 2);

        assertThat(state.backlog()).isEqualTo(12);
        assertThat(state.running()).isEqualTo(2);
        assertThat(state.waiting()).isEqualTo(10);
        assertThat(state.consumers()).isEqualTo(2);
        assertThat(state.acknowledged()).isEqualTo(88);
        assertThat(state.ahead(7, 45)).hasValue(5);
    }

    /// Some brokers' counts drift when consumers die.
    @ParameterizedTest
    @CsvSource({"0, 10, 0", "4, 10, 4", "4, -3, 0", "4, 9000000000, 4"})
    void noMoreTasksRunThanAreNotAcknowledged(long backlog, long unacked, int running)
            throws Exception {
        assertThat(state(backlog, unacked).running()).isEqualTo(running);
    }
}
