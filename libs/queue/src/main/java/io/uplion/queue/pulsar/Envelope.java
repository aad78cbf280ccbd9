// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.openai.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The form of a message that carries a client's bytes: one byte for the version, four for the
/// length of the head (most significant first), the head as a JSON object, then the client's bytes
/// as they are. Fields of the head that nobody asks for are passed over, so that a version may gain
/// some.
record Envelope(Head head, byte[] body) {
    static final byte VERSION = 1;
    static final int MAX_HEAD = 1 << 20;

    private static final int PREFIX = 1 + Integer.BYTES;
    private static final ObjectMapper MAPPER =
            new ObjectMapper(JsonText.FACTORY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    static byte[] write(JsonText.Fields head, byte[] body) {
        byte[] json = JsonText.object(head);
        return ByteBuffer.allocate(PREFIX + json.length + body.length)
                .put(VERSION)
                .putInt(json.length)
                .put(json)
                .put(body)
                .array();
    }

    static Envelope read(byte[] message) throws MalformedMessageException {
        if (message.length < PREFIX) {
            throw new MalformedMessageException("it has only " + message.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(message);
        byte version = bytes.get();
        if (version != VERSION) {
            throw new MalformedMessageException("its version is " + version);
        }
        int length = bytes.getInt();
        if (length < 0 || length > MAX_HEAD || length > bytes.remaining()) {
            throw new MalformedMessageException("its head has a length of " + length);
        }
        Head head = head(message, length);
        byte[] body = new byte[bytes.remaining() - length];
        bytes.position(PREFIX + length).get(body);
        return new Envelope(head, body);
    }

    private static Head head(byte[] message, int length) throws MalformedMessageException {
        try {
            JsonNode json = MAPPER.readTree(message, PREFIX, length);
            if (json == null || !json.isObject()) {
                throw new MalformedMessageException("its head is no JSON object");
            }
            return new Head(json);
        } catch (JacksonException e) {
            throw new MalformedMessageException("its head is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new MalformedMessageException("its head cannot be read: " + e.getMessage());
        }
    }
}
