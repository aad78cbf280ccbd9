// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import java.nio.charset.StandardCharsets;

/// Server-sent events as bytes.
public final class SseFrames {
    public static final String CONTENT_TYPE = "text/event-stream";

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    /// A line that starts with `: ping` ends the stream in one popular client, so it is not that.
    private static final byte[] KEEP_ALIVE = comment("keep-alive");

    private SseFrames() {}

    /// @param json one line of JSON
    public static byte[] data(byte[] json) {
        byte[] frame = new byte[DATA.length + json.length + END.length];
        System.arraycopy(DATA, 0, frame, 0, DATA.length);
        System.arraycopy(json, 0, frame, DATA.length, json.length);
        System.arraycopy(END, 0, frame, DATA.length + json.length, END.length);
        return frame;
    }

    public static byte[] event(String name, byte[] json) {
        byte[] head = ("event: " + name + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] data = data(json);
        byte[] frame = new byte[head.length + data.length];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(data, 0, frame, head.length, data.length);
        return frame;
    }

    public static byte[] comment(String text) {
        return (": " + text + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] done() {
        return DONE.clone();
    }

    public static byte[] keepAlive() {
        return KEEP_ALIVE.clone();
    }
}
