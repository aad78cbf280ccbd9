// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class ApiKeyPropertyTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @Property(tries = 500)
    void whatIsGeneratedParsesToItself(@ForAll @IntRange(max = 1_000_000) int run) {
        var key = ApiKey.generate(RANDOM);

        assertThat(ApiKey.parse(key.secret().reveal())).contains(key);
        assertThat(ApiKey.parse(key.secret().reveal()).orElseThrow().sha256())
                .as("run %s", run)
                .isEqualTo(key.sha256());
    }

    @Property(tries = 2000)
    void anyChangedCharacterIsRefused(
            @ForAll @IntRange(max = ApiKey.LENGTH - 1) int position,
            @ForAll @CharRange(from = ' ', to = '\u017f') char replacement) {
        var key = ApiKey.generate(RANDOM).secret().reveal();
        if (key.charAt(position) == replacement) {
            return;
        }
        var changed = key.substring(0, position) + replacement + key.substring(position + 1);

        assertThat(ApiKey.parse(changed)).isEmpty();
    }

    @Property(tries = 500)
    void arbitraryTextIsNoKey(@ForAll @StringLength(max = 80) String text) {
        assertThat(ApiKey.parse(text)).isEmpty();
        assertThat(ApiKey.parse("upl_" + text)).isEmpty();
    }
}
