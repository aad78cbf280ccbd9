// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigTest {
    private static final Optional<Secret> PASSWORD = Optional.of(Secret.of("hidden-word"));

    @Test
    void everythingIsRead() {
        assertThat(RedisConfig.of("rediss://worker@redis.example:7000/3", PASSWORD))
                .isEqualTo(
                        new RedisConfig(
                                "redis.example", 7000, true, 3, Optional.of("worker"), PASSWORD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://h", "redis://h/", " redis://h:6379/0 "})
    void whatIsLeftOutIsUsual(String url) {
        assertThat(RedisConfig.of(url, Optional.empty()))
                .isEqualTo(
                        new RedisConfig("h", 6379, false, 0, Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h:6379",
                "http://h:6379",
                "redis://",
                "redis://h:99x",
                "redis://h/one",
                "redis://h/12345",
                "redis://h?db=1",
                "redis://h#1",
                "redis://:hidden-word@h",
                "redis://user:hidden-word@h",
                "redis://user:hidden word@h"
            })
    void wrongUrlsAreRefusedWithoutRepeatingThem(String url) {
        assertThatThrownBy(() -> RedisConfig.of(url, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must ")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hidden"))
                .hasNoCause();
    }

    @Test
    void aUserWithoutAPasswordIsRefused() {
        assertThatThrownBy(() -> RedisConfig.of("redis://worker@h", Optional.empty()))
                .hasMessageContaining("UPLION_REDIS_PASSWORD");
    }

    @Test
    void settingsSayWhereItIs() {
        var settings =
                new Settings(
                        Map.of(
                                "UPLION_REDIS_URL", "redis://10.0.0.1",
                                "UPLION_REDIS_PASSWORD", "hidden-word"));

        var config = RedisConfig.read(settings);

        assertThatCode(settings::check).doesNotThrowAnyException();
        assertThat(config.host()).isEqualTo("10.0.0.1");
        assertThat(config.password()).isEqualTo(PASSWORD);
        assertThat(config.toString()).doesNotContain("hidden");
        assertThat(RedisConfig.read(new Settings(Map.of())).host()).isEqualTo("127.0.0.1");
    }

    @Test
    void aPasswordInTheUrlIsReportedWithoutIt() {
        var settings = new Settings(Map.of("UPLION_REDIS_URL", "redis://u:hidden-word@h"));

        RedisConfig.read(settings);

        assertThatThrownBy(settings::check)
                .hasMessage(
                        "UPLION_REDIS_URL: must not hold a password; UPLION_REDIS_PASSWORD does");
    }
}
