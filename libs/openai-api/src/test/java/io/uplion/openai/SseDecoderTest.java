// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTest {
    private final List<String> events = new ArrayList<>();
    private final SseDecoder decoder = decoder(1000);

    private SseDecoder decoder(int most) {
        return new SseDecoder(
                most,
                event -> events.add(new String(event, StandardCharsets.UTF_8)),
                error -> events.add("ERROR " + new String(error, StandardCharsets.UTF_8)));
    }

    private List<String> decode(String... pieces) {
        for (var piece : pieces) {
            assertThat(decoder.feed(piece.getBytes(StandardCharsets.UTF_8))).isTrue();
        }
        decoder.end();
        return events;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void everyLineEndEndsALine(String end) {
        var stream = "data: a|data: b||event: x|data: c|||data: d||".replace("|", end);

        assertThat(decode(stream)).containsExactly("a\nb", "c", "d");
    }

    @Test
    void errorsAreToldApart() {
        assertThat(decode("event: error\ndata: a\n\ndata: b\n\nerror: c\n\n"))
                .containsExactly("ERROR a", "b", "ERROR c");
    }

    @Test
    void errorMayHaveNoData() {
        assertThat(decode("event: error\n\ndata: a\n\n")).containsExactly("ERROR ", "a");
    }

    @Test
    void lastNameOfAnEventCounts() {
        assertThat(decode("event: error\nevent: message\ndata: a\n\nevent:errors\ndata: b\n\n"))
                .containsExactly("a", "b");
    }

    @Test
    void lineEndsMayBeMixed() {
        assertThat(decode("data: a\r\n\ndata: b\n\rdata: c\r\r")).containsExactly("a", "b", "c");
    }

    @Test
    void carriageReturnAndLineFeedInTwoPiecesAreOneEnd() {
        assertThat(decode("data: a\r", "\ndata: b\r", "\n\r", "\n")).containsExactly("a\nb");
    }

    @Test
    void oneSpaceBehindTheColonIsNoData() {
        assertThat(decode("data:a\n\ndata: b\n\ndata:  c\n\ndata:d \n\n"))
                .containsExactly("a", "b", " c", "d ");
    }

    @Test
    void colonsInsideDataStay() {
        assertThat(decode("data: {\"a\":1}\n\ndata: :\n\n")).containsExactly("{\"a\":1}", ":");
    }

    @Test
    void dataWithoutAColonOrValueIsAnEmptyLine() {
        assertThat(decode("data\n\ndata:\n\ndata\ndata\n\n")).containsExactly("", "", "\n");
    }

    @Test
    void commentsAndOtherFieldsArePassedOver() {
        assertThat(
                        decode(
                                """
                                : ping

                                :
                                id: 7
                                retry: 10
                                event: message
                                database: x
                                Data: y
                                _data: z

                                data: a
                                : in between
                                id

                                """))
                .containsExactly("a");
    }

    @Test
    void eventWithoutItsEmptyLineCountsAtTheEnd() {
        assertThat(decode("data: a\n\ndata: b\n")).containsExactly("a", "b");
    }

    @Test
    void eventWithoutItsLineEndCountsAtTheEnd() {
        assertThat(decode("data: a\n\ndata: [DO", "NE]")).containsExactly("a", "[DONE]");
    }

    @Test
    void emptyStreamHasNoEvents() {
        assertThat(decode("", "\n\n\n", "")).isEmpty();
    }

    @Test
    void endIsSaidOnce() {
        decode("data: a");
        decoder.end();

        assertThat(events).containsExactly("a");
    }

    @Test
    void byteOrderMarkBeforeTheStreamIsNoPartOfIt() {
        assertThat(decode("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly("a");
    }

    @Test
    void charactersMayBeCutAnywhere() {
        var bytes = "data: é模🦊\n\n".getBytes(StandardCharsets.UTF_8);
        for (byte one : bytes) {
            assertThat(decoder.feed(new byte[] {one})).isTrue();
        }

        assertThat(events).containsExactly("é模🦊");
    }

    @Test
    void lineWithoutEndIsRefused() {
        var small = decoder(100);
        assertThat(small.feed("data: ".getBytes(StandardCharsets.UTF_8))).isTrue();
        boolean taken = true;
        for (int i = 0; i < 20 && taken; i++) {
            taken = small.feed("0123456789".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(taken).isFalse();
        assertThat(events).isEmpty();
    }

    @Test
    void eventWithoutEndIsRefused() {
        var small = decoder(100);
        boolean taken = true;
        for (int i = 0; i < 20 && taken; i++) {
            taken = small.feed("data: 0123456789\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(taken).isFalse();
        assertThat(events).isEmpty();
    }

    @Test
    void commentsWithoutEndAreNoEvent() {
        var small = decoder(100);
        for (int i = 0; i < 1000; i++) {
            assertThat(small.feed(": keep-alive\n\n".getBytes(StandardCharsets.UTF_8))).isTrue();
        }
    }
}
