// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ManifestWriterTest {
    @Provide
    Arbitrary<AIModel> models() {
        return AnyModel.models();
    }

    @Property(tries = 2000)
    void whatIsWrittenIsReadAsTheSameModel(@ForAll("models") AIModel model) {
        var read = ManifestReader.read("x.yaml", ManifestWriter.write(model));

        assertThat(read.errors()).isEmpty();
        assertThat(read.models()).containsExactly(model);
    }

    /// Several manifests may be put into one file.
    @Property(tries = 200)
    void manifestsStandOneAfterTheOther(
            @ForAll("models") AIModel first, @ForAll("models") AIModel second) {
        var text = ManifestWriter.write(first) + "---\n" + ManifestWriter.write(second);

        var read = ManifestReader.read("x.yaml", text);

        if (first.name().equals(second.name())) {
            assertThat(read.models()).containsExactly(first);
        } else {
            assertThat(read.models()).containsExactly(first, second);
        }
    }

    @Test
    void manifestsReadWell() throws IOException {
        var full = Path.of("src/test/resources/manifests/valid/full.yaml");
        var model = ManifestReader.read("full.yaml", Files.readString(full)).models().getFirst();

        assertThat(ManifestWriter.write(model))
                .isEqualTo(
                        """
                        apiVersion: uplion.io/v1alpha1
                        kind: AIModel
                        metadata:
                          name: gpt-4o-mini-a
                        spec:
                          model: openai/gpt-4o-mini
                          type: remote
                          remote:
                            provider: openai
                            baseUrl: "http://127.0.0.1:8000/v1"
                            model: gpt-4o-mini-2024
                            apiKey:
                              secretRef:
                                name: openai
                                key: apiKey
                          endpoints: [chat, embeddings]
                          concurrency: 10
                          timeout: 1h30m
                          firstFrameTimeout: 1m30s
                          scaling:
                            minReplicas: 1
                            maxReplicas: 4
                            backlogPerReplica: 7
                            cooldown: 10m
                          price:
                            inputPerMillion: "0.15"
                            cachedInputPerMillion: "0.075"
                            outputPerMillion: "2"
                            reasoningPerMillion: "3"
                            audioInputPerMillion: "10"
                            audioOutputPerMillion: "20"
                          limits:
                            contextTokens: 128000
                            outputTokens: 16384
                            queued: 50
                          access:
                            groups: [staff, guests]
                        """);
    }
}
