// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// What comes out does not depend on how the bytes came in.
class SseDecoderPropertyTest {
    private static List<String> decode(List<byte[]> pieces) {
        var events = new ArrayList<String>();
        var decoder =
                new SseDecoder(
                        1 << 20,
                        event -> events.add(new String(event, StandardCharsets.UTF_8)),
                        error -> events.add(new String(error, StandardCharsets.UTF_8)));
        pieces.forEach(piece -> assertThat(decoder.feed(piece)).isTrue());
        decoder.end();
        return events;
    }

    private static List<byte[]> cut(byte[] bytes, List<Integer> sizes) {
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        for (int size : sizes) {
            int to = Math.min(bytes.length, from + size);
            pieces.add(Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
        pieces.add(Arrays.copyOfRange(bytes, from, bytes.length));
        return pieces;
    }

    @Property(tries = 500)
    void anySplitGivesTheSameEvents(
            @ForAll("streams") String stream,
            @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> sizes) {
        var bytes = stream.getBytes(StandardCharsets.UTF_8);
        var whole = decode(List.of(bytes));

        assertThat(decode(cut(bytes, sizes))).isEqualTo(whole);
        var single = new ArrayList<byte[]>();
        for (byte one : bytes) {
            single.add(new byte[] {one});
        }
        assertThat(decode(single)).isEqualTo(whole);
    }

    @Property(tries = 300)
    void framesComeBackAsTheyWere(
            @ForAll("payloads") List<String> payloads,
            @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> sizes) {
        var stream = new ByteArrayOutputStream();
        for (var payload : payloads) {
            stream.writeBytes(SseFrames.keepAlive());
            stream.writeBytes(SseFrames.data(payload.getBytes(StandardCharsets.UTF_8)));
            stream.writeBytes(SseFrames.event("error", payload.getBytes(StandardCharsets.UTF_8)));
        }
        var expected =
                payloads.stream().flatMap(payload -> List.of(payload, payload).stream()).toList();

        assertThat(decode(cut(stream.toByteArray(), sizes))).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> streams() {
        return Arbitraries.of(
                        "data",
                        "data:",
                        "data: ",
                        ":",
                        " ",
                        "\n",
                        "\r",
                        "\r\n",
                        "\n\n",
                        "\uFEFF",
                        "event: x",
                        "é",
                        "模",
                        "🦊",
                        "{}",
                        "[DONE]",
                        "id: 7")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> payloads() {
        return Arbitraries.strings().withChars("abc {}:é模").ofMaxLength(20).list().ofMaxSize(8);
    }
}
