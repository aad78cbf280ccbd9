// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OriginTest {
    @Test
    void whatIsTooLongIsCutAndWhatCannotBeStoredIsLeftOut() {
        var origin = new Origin("a".repeat(100), "x\u0000\n\ud800" + "😀".repeat(300));

        assertThat(origin.address()).isEqualTo("a".repeat(45));
        assertThat(origin.userAgent()).isEqualTo("x" + "😀".repeat(199));
    }
}
