// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorBodyTest {
    private static ErrorBody read(String body) {
        return ErrorBody.read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode json(ErrorBody error, int status) throws IOException {
        var json = new ObjectMapper().readTree(error.toJson(status));
        assertThat(json.properties()).hasSize(1);
        assertThat(json.path("error").properties()).hasSize(4);
        return json.path("error");
    }

    @Test
    void openAisShapeIsKept() throws IOException {
        var error =
                read(
                        "{\"error\":{\"message\":\"too \\\"long\\\"\",\"type\":\"invalid_request_error\","
                                + "\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}");

        var json = json(error, 400);
        assertThat(json.path("message").asText()).isEqualTo("too \"long\"");
        assertThat(json.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(json.path("param").asText()).isEqualTo("messages");
        assertThat(json.path("code").asText()).isEqualTo("context_length_exceeded");
        assertThat(error.name()).isEqualTo("context_length_exceeded");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'error':'no such model'}                      | no such model",
                "{'message':'at the top','type':'x'}            | at the top",
                "{'error':{'message':7}}                        | 7",
                "plain words                                    | plain words",
                "<html><h1>502</h1></html>                      | <html><h1>502</h1></html>",
                "{'error':{'message':'half                      | {\"error\":{\"message\":\"half",
            },
            quoteCharacter = '~')
    void otherShapesAreUnderstood(String body, String message) {
        assertThat(read(body.replace('\'', '"')).message()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "null", "7", "{\"error\":null}", "{\"error\":[]}"})
    void nothingIsStillAnError(String body) throws IOException {
        var json = json(read(body), 422);

        assertThat(json.path("message").asText()).isEqualTo("The provider answered 422");
        assertThat(json.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(json.path("param").isNull()).isTrue();
        assertThat(json.path("code").isNull()).isTrue();
    }

    @Test
    void wordsAreBounded() throws IOException {
        assertThat(read("x".repeat(100_000)).message()).hasSizeLessThan(1100);
        var foxes = json(read("{\"error\":\"x" + "🦊".repeat(5000) + "\"}"), 400);
        assertThat(foxes.path("message").asText()).hasSizeLessThan(1100);
    }

    @Test
    void bytesThatAreNoTextAreStillAnError() throws IOException {
        var bytes = new byte[] {'{', (byte) 0xff, (byte) 0xfe, 0, 1};

        assertThat(json(ErrorBody.read(bytes), 400).path("message").asText()).isNotEmpty();
    }
}
