// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.secret.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookiesTest {
    private static final String OURS = "__Host-uplion=ups_x";

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none", "", "Same-Origin"})
    void anothersPageDoesNotActForWhoLooksAtIt(String site) {
        assertThat(new Cookies(OURS, site, "https://uplion.example", "uplion.example").session())
                .isEmpty();
    }

    @Test
    void ourPageDoesWhateverItsOrigin() {
        assertThat(new Cookies(OURS, "same-origin", null, null).session())
                .contains(Secret.of("ups_x"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://uplion.example, uplion.example, true",
        "https://UPLION.example, uplion.example, true",
        "http://127.0.0.1:8080, 127.0.0.1:8080, true",
        "https://uplion.example:8443, uplion.example, false",
        "https://evil.example, uplion.example, false",
        "https://uplion.example.evil.example, uplion.example, false",
        "null, uplion.example, false",
        ", uplion.example, false",
        "https://uplion.example, , false",
        "https://, '', false",
    })
    void aBrowserThatSaysNothingOfTheSiteIsJudgedByTheOrigin(
            @Nullable String origin, @Nullable String host, boolean counts) {
        assertThat(new Cookies(OURS, null, origin, host).session().isPresent()).isEqualTo(counts);
    }

    @Test
    void itIsFoundAmongOthers() {
        assertThat(session("a=b; " + OURS + "; c=d")).contains(Secret.of("ups_x"));
        assertThat(session("uplion=ups_y;" + OURS)).contains(Secret.of("ups_x"));
        assertThat(session("uplion=ups_y; x__Host-uplion=ups_z; __Host-uplion2=u")).isEmpty();
        assertThat(session("")).isEmpty();
        assertThat(session(null)).isEmpty();
    }

    @Test
    void whatIsInThemIsNotPrinted() {
        assertThat(new Cookies(OURS, "same-origin", null, null).toString()).doesNotContain("ups_x");
    }

    private static Optional<Secret> session(@Nullable String all) {
        return new Cookies(all, "same-origin", null, null).session();
    }
}
