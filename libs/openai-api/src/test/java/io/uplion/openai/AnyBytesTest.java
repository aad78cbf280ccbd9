// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever comes over the wire, reading it is an answer and not an exception.
class AnyBytesTest {
    private static final List<String> SEEDS =
            List.of(
                    "{\"model\":\"m\\u00e9\",\"messages\":[{\"role\":\"user\",\"content\":\"é\"}],"
                            + "\"stream\":true,\"stream_options\":{\"include_usage\":null},\"n\":2}",
                    "{\"model\":\"m\",\"prompt\":[\"x\",[1]],\"max_tokens\":7,\"input\":[\"y\"],"
                            + "\"messages\":[{}]}",
                    "{\"choices\":[{\"delta\":{\"content\":\"模🦊\"},\"finish_reason\":\"stop\"}],"
                            + "\"usage\":{\"prompt_tokens\":1,\"prompt_tokens_details\":"
                            + "{\"cached_tokens\":1}},\"error\":{\"message\":\"m\",\"code\":7}}",
                    "data: {\"choices\":[]}\r\n\r\n: x\ndata: [DONE]\n\n");

    private static void readAsEverything(byte[] bytes) {
        for (var endpoint : Endpoint.values()) {
            switch (RequestHead.parse(endpoint, bytes)) {
                case RequestHead.Refused(OpenAiError error) -> {
                    assertThat(error.status()).isEqualTo(400);
                    Trees.of(error.toJson());
                }
                case RequestHead.Parsed(RequestHead head) -> {
                    var edited = Edited.forUpstream(head, bytes, "upstream");
                    assertThat(RequestHead.parse(endpoint, edited))
                            .isInstanceOf(RequestHead.Parsed.class);
                }
            }
        }
        StreamChunk.read(bytes).ifPresent(chunk -> rereads(chunk, bytes));
        WholeAnswer.read(Endpoint.CHAT, bytes);
        TokenEstimate.ofPrompt(bytes);
        var decoder = new SseDecoder(64, StreamChunk::read, StreamChunk::read);
        if (decoder.feed(bytes)) {
            decoder.end();
        }
    }

    private static void rereads(StreamChunk chunk, byte[] bytes) {
        if (chunk.usage().isPresent()) {
            assertThat(StreamChunk.read(chunk.withoutUsage(bytes))).isPresent();
        }
    }

    @Property(tries = 1000)
    void arbitraryBytesNeverThrow(@ForAll byte[] bytes) {
        readAsEverything(bytes);
    }

    @Property(tries = 2000)
    void mutatedTextsNeverThrow(@ForAll("mutated") byte[] bytes) {
        readAsEverything(bytes);
    }

    @Property(tries = 1000)
    void textsOfJsonsOwnCharactersNeverThrow(@ForAll("jsonLike") String text) {
        readAsEverything(text.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<byte[]> mutated() {
        return Combinators.combine(
                        Arbitraries.of(SEEDS),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.doubles().between(0, 0.2),
                        Arbitraries.oneOf(
                                Arbitraries.bytes().array(byte[].class).ofMaxSize(6),
                                jsonLike().map(text -> text.getBytes(StandardCharsets.UTF_8))))
                .as(AnyBytesTest::replaced);
    }

    private static byte[] replaced(String seed, double at, double share, byte[] by) {
        var bytes = seed.getBytes(StandardCharsets.UTF_8);
        int from = (int) (bytes.length * at);
        int to = Math.min(bytes.length, from + (int) (bytes.length * share));
        var mutated = Arrays.copyOf(bytes, from + by.length + bytes.length - to);
        System.arraycopy(by, 0, mutated, from, by.length);
        System.arraycopy(bytes, to, mutated, from + by.length, bytes.length - to);
        return mutated;
    }

    @Provide
    Arbitrary<String> jsonLike() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ":",
                        ",",
                        "\"",
                        "\\",
                        "\\u",
                        "\\ud83e",
                        "null",
                        "true",
                        "1e9",
                        "-",
                        "0",
                        "\"model\"",
                        "\"usage\"",
                        "\"choices\"",
                        "\"error\"",
                        "\"delta\"",
                        "\"stream_options\"",
                        " ",
                        "\n",
                        "\r",
                        "data: ",
                        "é",
                        "🦊",
                        "\u0000",
                        "\uFEFF")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }
}
