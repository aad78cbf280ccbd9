// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A body that nobody would write, for one of the endpoints.
record FuzzedBody(String path, byte[] body) {
    private static final int DEPTH = 10_000;
    private static final int LARGE_BYTES = 32 << 20;

    /// One body in so many is deep, one in so many of 32 MB.
    private static final int DEEP_EVERY = 40;

    private static final int LARGE_EVERY = 400;

    private static final List<FuzzedBody> SEEDS =
            List.of(
                    chat(Api.chatBody("fake", "")),
                    chat(
                            Api.chatBody(
                                    "fake",
                                    ",\"stream\":true,"
                                            + "\"stream_options\":{\"include_usage\":true}")),
                    chat(
                            Api.chatBody(
                                    "fake",
                                    ",\"stream\":true,\"n\":2,\"max_tokens\":3,\"stop\":[\"a\"]")),
                    chat(
                            Api.chatBody(
                                    "fake",
                                    ",\"tools\":[{\"type\":\"function\"}],\"prompt\":[[1]]")),
                    chat(Api.chatBody("fäke", ",\"input\":null,\"user\":\"\\ud83d\\ude00\"")),
                    completions("{\"model\":\"fake\",\"prompt\":\"Say it.\"}"),
                    completions(
                            "{\"model\":\"fake\",\"prompt\":[\"a\",\"b\"],\"stream\":true,\"n\":2,"
                                    + "\"echo\":false,\"logprobs\":2,\"best_of\":2}"),
                    completions("{\"model\":\"fake\",\"prompt\":[[1,2],[3]],\"max_tokens\":3}"),
                    embeddings("{\"model\":\"fake\",\"input\":\"Say it.\"}"),
                    embeddings(
                            "{\"model\":\"fake\",\"input\":[\"a\",\"ü\"],\"dimensions\":8,"
                                    + "\"encoding_format\":\"base64\",\"user\":\"me\"}"),
                    embeddings("{\"model\":\"fake\",\"input\":[[1,2],[3]]}"));

    private static final List<String> PIECES =
            List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "\"",
                    "\\",
                    "\\u",
                    "\\ud800",
                    "\\udc00",
                    "null",
                    "true",
                    "-",
                    "0",
                    "1e9",
                    "NaN",
                    "\u0000",
                    "\uFEFF",
                    "\n",
                    "\"model\":",
                    "\"fake\"",
                    "\"messages\":",
                    "\"stream\":",
                    "\"stream_options\":",
                    "\"input\":5,",
                    "\"prompt\":{},",
                    "[[[[",
                    "{\"a\":",
                    "99999999999999999999");

    /// Each is no UTF-8: a lone continuation, a cut sequence, an overlong one, half a pair, past
    /// the last character.
    private static final List<byte[]> NO_TEXT =
            List.of(
                    bytes(0x80),
                    bytes(0xe2, 0x82),
                    bytes(0xc0, 0xaf),
                    bytes(0xed, 0xa0, 0x80),
                    bytes(0xf5, 0x80, 0x80, 0x80));

    private static FuzzedBody chat(String json) {
        return new FuzzedBody(Api.CHAT, json.getBytes(StandardCharsets.UTF_8));
    }

    private static FuzzedBody completions(String json) {
        return new FuzzedBody("/v1/completions", json.getBytes(StandardCharsets.UTF_8));
    }

    private static FuzzedBody embeddings(String json) {
        return new FuzzedBody("/v1/embeddings", json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /// @param round counts from 0: some rounds have bodies of a kind that costs time
    static FuzzedBody next(Random random, int round) {
        FuzzedBody body = SEEDS.get(random.nextInt(SEEDS.size()));
        if (round % LARGE_EVERY == LARGE_EVERY / 2) {
            body = body.withField("\"large\":", large(random));
        } else if (round % DEEP_EVERY == DEEP_EVERY / 2) {
            body = body.withField("\"deep\":", deep(random));
        }
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            body = body.changed(random);
        }
        return body;
    }

    /// The same with one field more, before the others.
    private FuzzedBody withField(String name, byte[] value) {
        byte[] field = name.getBytes(StandardCharsets.UTF_8);
        byte[] both = spliced(field, field.length, field.length, value);
        return spliced(1, 1, spliced(both, both.length, both.length, bytes(',')));
    }

    private static byte[] deep(Random random) {
        String open = random.nextBoolean() ? "[" : "{\"a\":";
        String close = open.equals("[") ? "]" : "}";
        String end = random.nextBoolean() ? "1" + close.repeat(DEPTH) : "";
        return (open.repeat(DEPTH) + end).getBytes(StandardCharsets.UTF_8);
    }

    /// One string, or a million small values, or a name without end.
    private static byte[] large(Random random) {
        byte[] value = new byte[LARGE_BYTES];
        switch (random.nextInt(3)) {
            case 0 -> Arrays.fill(value, (byte) 'x');
            case 1 -> {
                for (int i = 0; i < value.length; i++) {
                    value[i] = (byte) (i % 2 == 0 ? '7' : ',');
                }
                value[0] = '[';
                value[value.length - 2] = '7';
                value[value.length - 1] = ']';
                return value;
            }
            default -> {
                Arrays.fill(value, (byte) 'n');
                value[0] = '{';
                value[1] = '"';
                return value;
            }
        }
        value[0] = '"';
        value[value.length - 1] = '"';
        return value;
    }

    private FuzzedBody changed(Random random) {
        int at = body.length == 0 ? 0 : random.nextInt(body.length);
        int to = Math.min(body.length, at + random.nextInt(12));
        return switch (random.nextInt(5)) {
            case 0 -> spliced(at, to, new byte[0]);
            case 1 -> spliced(at, at, piece(random));
            case 2 -> spliced(at, to, piece(random));
            case 3 -> spliced(at, at, NO_TEXT.get(random.nextInt(NO_TEXT.size())));
            default -> spliced(at, Math.min(body.length, at + 1), bytes(random.nextInt(256)));
        };
    }

    private static byte[] piece(Random random) {
        return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
    }

    private FuzzedBody spliced(int from, int to, byte[] middle) {
        return new FuzzedBody(path, spliced(body, from, to, middle));
    }

    private static byte[] spliced(byte[] body, int from, int to, byte[] middle) {
        byte[] all = new byte[from + middle.length + body.length - to];
        System.arraycopy(body, 0, all, 0, from);
        System.arraycopy(middle, 0, all, from, middle.length);
        System.arraycopy(body, to, all, from + middle.length, body.length - to);
        return all;
    }

    /// Enough of it to find it again.
    @Override
    public String toString() {
        int shown = Math.min(body.length, 500);
        String start = new String(body, 0, shown, StandardCharsets.UTF_8);
        return path + " " + body.length + " bytes: " + start;
    }
}
