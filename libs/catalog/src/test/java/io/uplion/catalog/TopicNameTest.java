// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicNameTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-4o-mini,gpt-4o-mini-SUM",
        "Qwen/Qwen2.5-7B,qwen-qwen2-5-7b-SUM",
        "--a__b--,a-b-SUM",
        "模型,model-SUM",
    })
    void topicsReadLikeTheirModel(String model, String topic) {
        assertThat(TopicName.of(model).replaceFirst("[0-9a-f]{8}$", "SUM")).isEqualTo(topic);
    }

    @Test
    void theHashIsTheStartOfSha256() {
        // printf 'gpt-4o-mini' | sha256sum
        assertThat(TopicName.of("gpt-4o-mini")).endsWith("-8a434280");
    }

    @Test
    void modelsWithOneSlugHaveTwoTopics() {
        assertThat(TopicName.of("a/b")).isNotEqualTo(TopicName.of("a-b"));
        assertThat(TopicName.of("x".repeat(100))).isNotEqualTo(TopicName.of("x".repeat(101)));
    }

    @Property(tries = 300)
    void everyModelHasAShortPlainTopic(@ForAll String model) {
        assertThat(TopicName.of(model)).matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?-[0-9a-f]{8}");
    }
}
