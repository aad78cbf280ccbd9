// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The one JSON factory of the wire, with its bounds.
public final class JsonText {
    /// Deep enough for every schema we have seen, far from where a parser's recursion hurts.
    public static final int MAX_DEPTH = 500;

    /// Names stay in the parser's own bounded tables: a flood of a client's names must not fill the
    /// machine's table of strings, nor end in an exception of the parser's own. Text is UTF-8:
    /// where a parser guesses UTF-16 the offsets of bytes are lost.
    public static final JsonFactory FACTORY = factory(Integer.MAX_VALUE);

    /// For readers that take only short strings and numbers out of a body, and skip the long ones:
    /// those are never decoded, and what should be short and is not stops the reading.
    private static final JsonFactory SKIPPING = factory(1 << 20);

    private static JsonFactory factory(int maxString) {
        return new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .maxStringLength(maxString)
                                .build())
                .build();
    }

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private JsonText() {}

    /// A parser that decodes no string of more than a million characters; others can be skipped.
    /// Its offsets count from [#start].
    public static JsonParser parser(byte[] json) throws IOException {
        int start = start(json);
        return SKIPPING.createParser(json, start, json.length - start);
    }

    /// A parser of the one value that begins there.
    public static JsonParser parser(byte[] json, int from) throws IOException {
        return SKIPPING.createParser(json, from, json.length - from);
    }

    /// Where the value stands that the parser is on, which reads these bytes.
    public static int from(JsonParser json, byte[] bytes) {
        return start(bytes) + (int) json.currentTokenLocation().getByteOffset();
    }

    /// Where the text begins: some programs write a byte order mark before it.
    static int start(byte[] json) {
        int length = BYTE_ORDER_MARK.length;
        boolean marked =
                json.length >= length && Arrays.equals(json, 0, length, BYTE_ORDER_MARK, 0, length);
        return marked ? length : 0;
    }

    /// Just past the value that the parser stands on the last token of.
    public static int end(JsonParser json, byte[] bytes) throws IOException {
        // A string or a number is not read to its end before somebody asks for it.
        json.finishToken();
        return start(bytes) + (int) json.currentLocation().getByteOffset();
    }

    /// The same bytes with others in the place of those from `from` up to `to`.
    static byte[] replace(byte[] bytes, int from, int to, byte[] by) {
        byte[] edited = new byte[bytes.length - (to - from) + by.length];
        System.arraycopy(bytes, 0, edited, 0, from);
        System.arraycopy(by, 0, edited, from, by.length);
        System.arraycopy(bytes, to, edited, from + by.length, bytes.length - to);
        return edited;
    }

    /// Half a surrogate pair, which clients and providers can write as an escape, is no UTF-8: the
    /// generator would refuse the whole object for it.
    private static final class WellFormed extends JsonGeneratorDelegate {
        WellFormed(JsonGenerator json) {
            super(json, false);
        }

        @Override
        public void writeString(@Nullable String text) throws IOException {
            super.writeString(text == null ? null : wellFormed(text));
        }

        private static String wellFormed(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (Character.isSurrogate(text.charAt(i))) {
                    return text.codePoints()
                            .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                            .collect(
                                    StringBuilder::new,
                                    StringBuilder::appendCodePoint,
                                    StringBuilder::append)
                            .toString();
                }
            }
            return text;
        }
    }

    @FunctionalInterface
    public interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /// One JSON object as UTF-8.
    public static byte[] object(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try {
            write(bytes, fields);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /// One JSON object as UTF-8, which need not fit into memory. Closes the stream.
    public static void write(OutputStream bytes, Fields fields) throws IOException {
        try (JsonGenerator json = new WellFormed(FACTORY.createGenerator(bytes))) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
    }
}
