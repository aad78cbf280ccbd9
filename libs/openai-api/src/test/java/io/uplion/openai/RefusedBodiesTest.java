// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.RequestHead.Refused;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedBodiesTest {
    private static OpenAiError refusal(Endpoint endpoint, byte[] body) {
        var result = RequestHead.parse(endpoint, body);
        assertThat(result)
                .as(new String(body, StandardCharsets.ISO_8859_1))
                .isInstanceOf(Refused.class);
        var error = ((Refused) result).error();
        var json = Trees.of(error.toJson()).path("error");
        assertThat(json.properties()).hasSize(4);
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message())
                .hasSizeLessThan(400)
                .endsWith(".")
                .doesNotContain("Read", "Feature", "Parser", "Constraints", "enable");
        return error;
    }

    private static OpenAiError refusal(String body) {
        return refusal(Endpoint.CHAT, body.getBytes(StandardCharsets.UTF_8));
    }

    /// A field of a chat request that is right but for it.
    private static OpenAiError refusedField(String field) {
        return refusal("{\"model\":\"m\",\"messages\":[{}],%s}".formatted(field));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[]",
                "\"text\"",
                "7",
                "null",
                "true",
                "nonsense",
                "{\"model\"}",
                "{\"model\":\"m\",}",
                "{'model':'m'}",
                "{model:1}",
                "{\"model\":\"m\" \"messages\":[]}",
                "{\"model\":\"m\",\"messages\":[{}]",
                "{\"model\":\"m\",\"messages\":[{}]}}",
                "{\"model\":\"m\",\"messages\":[{}]} {}",
                "{\"model\":\"m\",\"messages\":[{}]} x",
                "{\"model\":\"m\",\"messages\":[{}],\"x\":\"\u0001\"}",
                "{\"model\":\"m\",\"messages\":[{}],\"x\":01}",
                "{\"model\":\"m\",\"messages\":[{}],\"x\":NaN}",
                "{\"model\":\"m\",\"messages\":[{}],\"x\":\"\\q\"}",
                "{\"model\":\"m\",\"messages\":[{}],\"x\":\"\\u12\"}",
                "{\"model\":\"m\",\"messages\":[{]}}",
                "/* comment */ {\"model\":\"m\",\"messages\":[{}]}",
                "<html></html>",
            })
    void whatIsNoJsonObjectIsInvalid(String body) {
        assertThat(refusal(body).code()).isEqualTo(ErrorCode.INVALID_BODY);
    }

    @Test
    void badUtf8IsInvalid() {
        var body =
                "{\"model\":\"m\",\"messages\":[{\"content\":\"?\"}]}"
                        .getBytes(StandardCharsets.UTF_8);
        for (int bad : new int[] {0x80, 0xC0, 0xE2, 0xED, 0xF5, 0xFF}) {
            body[36] = (byte) bad;
            var error = refusal(Endpoint.CHAT, body);
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_BODY);
            assertThat(error.message()).contains("UTF-8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
    void otherEncodingsAreInvalid(String charset) {
        var body =
                "{\"model\":\"m\",\"messages\":[{}],\"stream\":true}"
                        .getBytes(Charset.forName(charset));

        assertThat(refusal(Endpoint.CHAT, body).code()).isEqualTo(ErrorCode.INVALID_BODY);
    }

    @Test
    void nestingWithoutEndIsInvalid() {
        var error = refusedField("\"x\":" + "[".repeat(10_000) + "]".repeat(10_000));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_BODY);
        assertThat(refusedField("\"x\":" + "{\"a\":".repeat(10_000)).code())
                .isEqualTo(ErrorCode.INVALID_BODY);
        assertThat(refusal("[".repeat(10_000)).code()).isEqualTo(ErrorCode.INVALID_BODY);
        assertThat(error.message()).contains("nested more than 500 levels deep");
    }

    @Test
    void whereABodyBreaksIsTold() {
        assertThat(refusal("{\"model\":nope}").message())
                .startsWith("The body is not valid JSON (near byte ");
        assertThat(refusal("{\"model\":\"m").message()).contains("ends too early");
    }

    @Test
    void fieldsWithoutEndAreInvalid() {
        var fields =
                IntStream.range(0, 1001)
                        .mapToObj(i -> "\"f" + i + "\":1")
                        .collect(Collectors.joining(","));

        assertThat(refusedField(fields).code()).isEqualTo(ErrorCode.INVALID_BODY);
    }

    @Test
    void numbersAndNamesWithoutEndAreInvalid() {
        assertThat(refusedField("\"x\":" + "1".repeat(5000)).code())
                .isEqualTo(ErrorCode.INVALID_BODY);
        assertThat(refusedField("\"" + "n".repeat(100_000) + "\":1").code())
                .isEqualTo(ErrorCode.INVALID_BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "messages", "n", "stream", "unknown"})
    void fieldThatIsGivenTwiceIsRefused(String field) {
        var once = "\"" + field + "\":null";
        var error =
                field.equals("model") || field.equals("messages")
                        ? refusedField(
                                field.equals("model") ? "\"model\":\"m\"" : "\"messages\":[]")
                        : refusedField(once + "," + once);

        assertThat(error.code()).isEqualTo(ErrorCode.DUPLICATE_PARAMETER);
        assertThat(error.param()).isEqualTo(field);
    }

    @Test
    void fieldThatIsGivenTwiceInOtherLettersIsRefused() {
        assertThat(refusedField("\"m\\u006fdel\":\"other\"").code())
                .isEqualTo(ErrorCode.DUPLICATE_PARAMETER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CHAT        | {'messages':[{}]}           | model",
                "CHAT        | {'model':'m'}               | messages",
                "COMPLETIONS | {'model':'m'}               | prompt",
                "COMPLETIONS | {'prompt':'x'}              | model",
                "EMBEDDINGS  | {'model':'m'}               | input",
            },
            quoteCharacter = '~')
    void whatIsRequiredIsAskedForByName(Endpoint endpoint, String body, String param) {
        var error = refusal(endpoint, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));

        assertThat(error.code()).isEqualTo(ErrorCode.MISSING_PARAMETER);
        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).contains(param);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"stream\":\"true\"",
                "\"stream\":1",
                "\"stream_options\":[]",
                "\"stream_options\":true",
                "\"max_tokens\":\"7\"",
                "\"max_tokens\":1.5",
                "\"max_completion_tokens\":{}",
                "\"n\":\"1\"",
                "\"n\":1.0",
                "\"temperature\":\"hot\"",
                "\"top_p\":[]",
                "\"seed\":1.5",
                "\"stop\":{}",
                "\"stop\":7",
                "\"logit_bias\":[]",
                "\"user\":7",
                "\"tools\":{}",
                "\"tool_choice\":7",
                "\"response_format\":\"json\"",
                "\"parallel_tool_calls\":\"yes\"",
                "\"logprobs\":3",
                "\"top_logprobs\":true",
            })
    void wrongTypesAreRefusedByName(String field) {
        var error = refusedField(field);

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_TYPE);
        assertThat(error.param()).isEqualTo(field.substring(1, field.indexOf('"', 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "{}", "[]", "true"})
    void modelMustBeAString(String model) {
        var error = refusal("{\"messages\":[{}],\"model\":" + model + "}");

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_TYPE);
        assertThat(error.param()).isEqualTo("model");
    }

    @Test
    void modelMustHaveALengthThatANameMayHave() {
        for (var model : List.of("", "  ", "\\n", "x".repeat(201))) {
            var error = refusal("{\"messages\":[{}],\"model\":\"" + model + "\"}");
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_VALUE);
            assertThat(error.param()).isEqualTo("model");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'messages':[]                                  | INVALID_VALUE | messages",
                "'messages':['x']                               | INVALID_TYPE  | messages[0]",
                "'messages':[{},7]                              | INVALID_TYPE  | messages[1]",
                "'messages':[{},[]]                             | INVALID_TYPE  | messages[1]",
                "'messages':{}                                  | INVALID_TYPE  | messages",
                "'messages':null                                | INVALID_TYPE  | messages",
                "'messages':[{}],'n':0                          | INVALID_VALUE | n",
                "'messages':[{}],'n':129                        | INVALID_VALUE | n",
                "'messages':[{}],'n':-1                         | INVALID_VALUE | n",
                "'messages':[{}],'n':99999999999                | INVALID_VALUE | n",
                "'messages':[{}],'max_tokens':0                 | INVALID_VALUE | max_tokens",
                "'messages':[{}],'max_tokens':-5                | INVALID_VALUE | max_tokens",
                "'messages':[{}],'max_tokens':99999999999999999999 | INVALID_VALUE | max_tokens",
                "'messages':[{}],'stream_options':{'include_usage':1} | INVALID_TYPE"
                        + " | stream_options.include_usage",
                "'messages':[{}],'stream_options':{'include_usage':{}} | INVALID_TYPE"
                        + " | stream_options.include_usage",
            },
            quoteCharacter = '~')
    void wrongValuesAreRefusedByName(String fields, ErrorCode code, String param) {
        var error = refusal("{\"model\":\"m\",%s}".formatted(fields.replace('\'', '"')));

        assertThat(error.code()).isEqualTo(code);
        assertThat(error.param()).isEqualTo(param);
    }

    @Test
    void emptyPromptsAndInputsAreRefused() {
        for (var endpoint : List.of(Endpoint.COMPLETIONS, Endpoint.EMBEDDINGS)) {
            var field = endpoint == Endpoint.COMPLETIONS ? "prompt" : "input";
            var body = "{\"model\":\"m\",\"%s\":[]}".formatted(field);
            var error = refusal(endpoint, body.getBytes(StandardCharsets.UTF_8));
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_VALUE);
            assertThat(error.param()).isEqualTo(field);
        }
    }

    @Test
    void namesThatAreHalfACharacterAreStillAnsweredInJson() {
        for (var half : List.of("\\ud83e", "\\udd8a", "x\\ud83ex")) {
            var name = "\"" + half + "\":1";
            assertThat(refusedField(name + "," + name).status()).isEqualTo(400);
        }
    }

    @Test
    void errorsDoNotRepeatTheBody() {
        var error = refusal("{\"model\":\"m\",\"messages\":[{\"content\":\"my secret\" oops}]}");

        assertThat(error.message()).doesNotContain("my secret");
    }
}
