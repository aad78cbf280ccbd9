// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseUrlTest {
    @Test
    void urlIsReadWithoutTheSlashAtItsEnd() {
        assertThat(BaseUrl.parse("HTTP://[::1]:8000/v1//"))
                .isEqualTo(URI.create("http://[::1]:8000/v1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:must-not-be-seen@example.com/v1",
                "https://must-not-be-seen@example.com/v1",
                "https://user:must-not-be-seen@under_score/v1",
                "https://user:must not be seen@example.com",
                "must-not-be-seen",
                "https://example.com/v1?key=must-not-be-seen",
                "https://example.com/v1#must-not-be-seen",
                "ftp://must-not-be-seen",
                "https://must-not-be-seen:0/",
            })
    void whatIsWrongIsSaidWithoutTheUrl(String url) {
        assertThatThrownBy(() -> BaseUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("found ")
                .hasMessageContaining("expected a URL such as")
                .hasMessageNotContaining("must");
    }
}
