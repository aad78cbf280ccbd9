// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1500,-,1500",
                "250.7,-,250",
                "0,-,0",
                "1500,60,1500",
                "-,7,7000",
                "-,0.5,500",
                "-,' 12 ',12000",
                "soon,3,3000",
                "-1,3,3000",
                "-,7200,3600000",
                "99999999999,-,3600000",
            })
    void numbersAreTimes(String millis, String seconds, long expected) {
        assertThat(RetryAfter.read(millis, seconds, NOW)).contains(Duration.ofMillis(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "'Mon, 23 Nov 2026 12:00:30 GMT',30",
        "'Mon, 23 Nov 2026 11:00:00 GMT',0",
        "'Tue, 24 Nov 2026 12:00:00 GMT',3600",
    })
    void datesAreTimes(String date, long seconds) {
        assertThat(RetryAfter.read(null, date, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"''", "soon", "NaN", "-5", "1e300", "Infinity", "'Mon, 99 Nov 2026'"})
    void nonsenseIsNoTime(String text) {
        assertThat(RetryAfter.read(null, text, NOW)).isEqualTo(Optional.empty());
        assertThat(RetryAfter.read(text, null, NOW)).isEqualTo(Optional.empty());
    }

    @Test
    void absenceIsNoTime() {
        assertThat(RetryAfter.read(null, null, NOW)).isEmpty();
    }
}
