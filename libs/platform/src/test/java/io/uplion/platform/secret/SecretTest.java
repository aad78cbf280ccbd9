// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {
    private record Holder(String name, Secret key) {}

    @Test
    void secretIsNotPrinted() {
        var holder = new Holder("x", Secret.of("sk-very-secret"));

        assertThat(holder.toString()).contains("[REDACTED]").doesNotContain("very");
        assertThat("" + holder.key()).isEqualTo("[REDACTED]");
    }

    @Test
    void secretsOfOneTextAreEqual() {
        assertThat(Secret.of("a")).isEqualTo(Secret.of("a")).hasSameHashCodeAs(Secret.of("a"));
        assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b")).isNotEqualTo("a");
        assertThat(Secret.of("a").reveal()).isEqualTo("a");
    }
}
