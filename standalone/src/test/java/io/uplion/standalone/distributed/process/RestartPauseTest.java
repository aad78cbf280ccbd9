// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RestartPauseTest {
    private static final Duration SHORT = Duration.ofSeconds(59);
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void growsFromATenthsToTenSecondsAndNoFurther() {
        var pause = new RestartPause();

        assertThat(Stream.generate(() -> pause.after(SHORT).toMillis()).limit(9))
                .containsExactly(200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L, 10_000L);
    }

    @Test
    void beginsAnewAfterALongLife() {
        var pause = new RestartPause();
        pause.after(SHORT);
        pause.after(SHORT);

        assertThat(pause.after(LONG)).isEqualTo(Duration.ofMillis(200));
        assertThat(pause.after(SHORT)).isEqualTo(Duration.ofMillis(400));
    }
}
