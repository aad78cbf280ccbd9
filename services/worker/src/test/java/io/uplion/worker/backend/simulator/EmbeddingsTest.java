// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.worker.backend.Backend.Whole;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {
    private static final Vertx VERTX = Vertx.vertx();

    private final Conversation simulator = Conversation.quick(VERTX, 10);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void looksLikeAnAnswerOfOpenAi() {
        var answer = simulator.embed("'input':'a cat sat'").whole();
        assertThat(answer.path("object").asText()).isEqualTo("list");
        assertThat(answer.path("model").asText()).isEqualTo("simulator");
        assertThat(answer.at("/data/0/object").asText()).isEqualTo("embedding");
        assertThat(answer.at("/data/0/index").asInt()).isZero();
        assertThat(answer.at("/data/0/embedding")).hasSize(256);
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void vectorsHaveLengthOne() {
        assertThat(similarity(vector("'a cat'", ""), vector("'a cat'", "")))
                .isCloseTo(1, within(1e-5));
        assertThat(simulator.embed("'input':' '").whole().at("/data/0/embedding")).hasSize(256);
    }

    @Test
    void textsThatShareWordsAreCloser() {
        var cat = vector("'the cat sat on the mat'", "");
        var near = similarity(cat, vector("'The cat sat on a chair'", ""));
        var far = similarity(cat, vector("'quarterly revenue grew strongly'", ""));
        assertThat(near).isGreaterThan(far + 0.3);
    }

    @Test
    void dimensionsAreHonoured() {
        assertThat(vector("'x'", ",'dimensions':1")).hasSize(1);
        assertThat(vector("'x'", ",'dimensions':4096")).hasSize(4096);
        assertThat(vector("'x'", ",'dimensions':null")).hasSize(256);
    }

    @Test
    void dimensionsOutOfRangeAreRefused() {
        for (var wrong : new String[] {"0", "-1", "4097", "99999999999999"}) {
            var error = simulator.embed("'input':'x','dimensions':" + wrong).refused();
            assertThat(error.path("param").asText()).isEqualTo("dimensions");
        }
    }

    @Test
    void base64IsTheSameVectorAsLittleEndianFloats() {
        var floats = vector("'a cat'", "");
        var answer = simulator.embed("'input':'a cat','encoding_format':'base64'").whole();
        var bytes = Base64.getDecoder().decode(answer.at("/data/0/embedding").textValue());
        var decoded = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        assertThat(decoded.remaining()).isEqualTo(256);
        for (int i = 0; i < 256; i++) {
            assertThat(decoded.get(i)).isEqualTo(floats.get(i).floatValue());
        }
    }

    @Test
    void anUnknownEncodingIsRefused() {
        var error = simulator.embed("'input':'x','encoding_format':'x'").refused();
        assertThat(error.path("param").asText()).isEqualTo("encoding_format");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    }

    @Test
    void everyInputHasItsVector() {
        var answer = simulator.embed("'input':['one','two','one']").whole();
        var data = answer.path("data");
        assertThat(data).hasSize(3);
        assertThat(data.get(2).path("index").asInt()).isEqualTo(2);
        assertThat(data.get(2).path("embedding")).isEqualTo(data.get(0).path("embedding"));
        assertThat(data.get(1).path("embedding")).isNotEqualTo(data.get(0).path("embedding"));
    }

    @Test
    void tokenIdsAreAnInputToo() {
        var one = simulator.embed("'input':[1,2,3]").whole();
        assertThat(one.path("data")).hasSize(1);
        assertThat(one.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        var two = simulator.embed("'input':[[1,2],[3]]").whole();
        assertThat(two.path("data")).hasSize(2);
        assertThat(two.at("/usage/total_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void inputsOfAnotherKindAreRefused() {
        for (var wrong : new String[] {"[true]", "[[]]", "['x',1]", "[1,'x']", "['x','']", "''"}) {
            var error = simulator.embed("'input':" + wrong).refused();
            assertThat(error.path("param").asText()).startsWith("input");
        }
    }

    @Test
    void theLargestAnswerIsGivenAndALargerOneRefused() {
        var inputs = "'x'" + ",'x'".repeat(2047);
        assertThat(simulator.embed("'input':[" + inputs + "]").whole().path("data")).hasSize(2048);
        simulator.embed("'input':[" + inputs + "],'dimensions':257").refused();
        simulator.embed("'input':[" + inputs + ",'x']").refused();
    }

    @Test
    void thePlatformReadsTheCount() {
        var whole = (Whole) simulator.embed("'input':'a cat sat'").signals().getFirst();
        assertThat(whole.content().orElseThrow().usage().orElseThrow().input()).isEqualTo(3);
    }

    private JsonNode vector(String input, String more) {
        return simulator.embed("'input':" + input + more).whole().at("/data/0/embedding");
    }

    private static double similarity(JsonNode one, JsonNode other) {
        double sum = 0;
        for (int i = 0; i < one.size(); i++) {
            sum += one.get(i).doubleValue() * other.get(i).doubleValue();
        }
        return sum;
    }
}
