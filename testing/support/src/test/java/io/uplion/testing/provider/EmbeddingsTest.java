// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {
    private final FakeProvider provider = FakeProvider.start();
    private final Call call = new Call(provider);

    @AfterEach
    void stop() {
        provider.close();
    }

    private JsonNode embed(String more) {
        var json = "{\"model\":\"fake\"," + more + "}";
        return Call.json(call.post("/v1/embeddings", json).body());
    }

    @Test
    void sameTextGivesTheSameUnitVector() {
        var answer = embed("\"input\":[\"one two\",\"three\",\"one two\"]");

        assertThat(answer.get("object").asText()).isEqualTo("list");
        assertThat(answer.get("data")).hasSize(3);
        var vector = answer.at("/data/0/embedding");
        assertThat(vector).hasSize(1536).isEqualTo(answer.at("/data/2/embedding"));
        assertThat(vector).isNotEqualTo(answer.at("/data/1/embedding"));
        var square = 0.0;
        for (var value : vector) {
            square += value.asDouble() * value.asDouble();
        }
        assertThat(square).isCloseTo(1, within(1e-4));
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
        assertThat(answer.at("/usage").has("completion_tokens")).isFalse();
    }

    @Test
    void base64CarriesTheSameFloats() {
        var floats = embed("\"input\":\"x\",\"dimensions\":4").at("/data/0/embedding");
        var encoded =
                embed("\"input\":\"x\",\"dimensions\":4,\"encoding_format\":\"base64\"")
                        .at("/data/0/embedding");

        var bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(encoded.asText()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (var value : floats) {
            assertThat(bytes.getFloat()).isEqualTo((float) value.asDouble());
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void tokenNumbersAreTakenToo() {
        assertThat(embed("\"input\":[1,2,3]").get("data")).hasSize(1);
        assertThat(embed("\"input\":[[1,2],[3]]").get("data")).hasSize(2);
    }
}
