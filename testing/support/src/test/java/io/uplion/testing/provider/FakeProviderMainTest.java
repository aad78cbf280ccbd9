// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FakeProviderMainTest {
    private static FakeSettings settings(String... arguments) {
        return FakeProviderMain.settings(List.of(arguments).iterator());
    }

    @Test
    void argumentsComeInBothForms() {
        assertThat(settings()).isEqualTo(FakeSettings.DEFAULT);
        assertThat(settings("--port", "9", "--loops=2", "--record=false"))
                .isEqualTo(new FakeSettings(9, 2, false));
    }

    @Test
    void unknownArgumentIsNamed() {
        assertThatThrownBy(() -> settings("--prot=1")).hasMessageContaining("--prot");
    }
}
