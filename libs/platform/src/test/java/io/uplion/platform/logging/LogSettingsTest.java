// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogSettingsTest {
    private static void check(Map<String, String> environment) {
        var settings = new Settings(environment);
        LogSettings.check(settings);
        settings.check();
    }

    @Test
    void wrongOnesAreReportedTogether() {
        var wrong = Map.of("UPLION_LOG_LEVEL", "loud", "UPLION_LOG_FORMAT", "xml");

        assertThatThrownBy(() -> check(wrong))
                .hasMessageContaining("UPLION_LOG_LEVEL=loud: must be one of debug, info")
                .hasMessageContaining("UPLION_LOG_FORMAT=xml: must be one of text, json");
    }

    @Test
    void knownOnesAreNot() {
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
        assertThatCode(() -> check(Map.of("UPLION_LOG_LEVEL", "", "UPLION_LOG_FORMAT", " json ")))
                .doesNotThrowAnyException();
        for (var level : LogSettings.LEVEL.words()) {
            assertThatCode(() -> check(Map.of("UPLION_LOG_LEVEL", level)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void wordIsKnownHoweverItIsWritten() {
        assertThat(LogSettings.LEVEL.of(" WARN ")).isEqualTo("warn");
        assertThat(LogSettings.LEVEL.of("loud")).isEqualTo("info");
    }
}
