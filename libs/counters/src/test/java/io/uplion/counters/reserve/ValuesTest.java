// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void limitsThatCannotBeHeldAreRefused(long limit) {
        var subject = Subject.of("key:a");

        assertThatThrownBy(() -> subject.withTokensPerMinute(limit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Long.toString(limit));
        assertThatThrownBy(() -> subject.withTasksAtOnce(limit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Long.toString(limit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0000"})
    void aNameIsALine(String name) {
        assertThatThrownBy(() -> Subject.of(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nobodyAsksForLessThanNothingOrPaysTwice() {
        var id = UUID.randomUUID();
        var key = Subject.of("key:a");

        assertThatThrownBy(() -> new Ask(id, id, List.of(), -1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ask(id, id, List.of(key, key.withTasksAtOnce(1)), 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Used(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
