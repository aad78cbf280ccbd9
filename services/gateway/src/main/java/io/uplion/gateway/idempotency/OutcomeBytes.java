// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Outcomes as stores keep them: a letter for the kind, then its parts, each with its length.
final class OutcomeBytes {
    private OutcomeBytes() {}

    static byte[] write(Outcome outcome) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(outcome.bytes() + 128);
        try (DataOutputStream to = new DataOutputStream(bytes)) {
            write(to, outcome);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes all", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream to, Outcome outcome) throws IOException {
        switch (outcome) {
            case Outcome.Streamed(String request, byte[] frames) -> {
                to.writeByte('S');
                text(to, request);
                part(to, frames);
            }
            case Outcome.Whole(String request, int status, String contentType, byte[] body) -> {
                to.writeByte('W');
                text(to, request);
                to.writeInt(status);
                text(to, contentType);
                part(to, body);
            }
            case Outcome.NotKept() -> to.writeByte('N');
            case Outcome.Refused(int status, String contentType, byte[] body) -> {
                to.writeByte('R');
                to.writeInt(status);
                text(to, contentType);
                part(to, body);
            }
            case Outcome.Failed(OpenAiError error) -> {
                to.writeByte('F');
                text(to, error.code().code());
                text(to, error.message());
                to.writeBoolean(error.param() != null);
                text(to, error.param() == null ? "" : error.param());
                to.writeLong(error.retryAfterMillis());
                to.writeBoolean(error.finalAnswer());
            }
        }
    }

    private static void text(DataOutputStream to, String text) throws IOException {
        part(to, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void part(DataOutputStream to, byte[] part) throws IOException {
        to.writeInt(part.length);
        to.write(part);
    }

    /// @throws IOException for what [#write] has not written
    static Outcome read(byte[] bytes) throws IOException {
        DataInputStream from = new DataInputStream(new ByteArrayInputStream(bytes));
        byte kind = from.readByte();
        return switch (kind) {
            case 'S' -> new Outcome.Streamed(text(from), part(from));
            case 'W' -> new Outcome.Whole(text(from), from.readInt(), text(from), part(from));
            case 'N' -> new Outcome.NotKept();
            case 'R' -> new Outcome.Refused(from.readInt(), text(from), part(from));
            case 'F' -> new Outcome.Failed(error(from));
            default -> throw new IOException("no outcome is of kind " + kind);
        };
    }

    private static OpenAiError error(DataInputStream from) throws IOException {
        String name = text(from);
        ErrorCode code =
                ErrorCode.named(name)
                        .orElseThrow(() -> new IOException("there is no error " + name));
        String message = text(from);
        boolean hasParam = from.readBoolean();
        String param = text(from);
        return new OpenAiError(
                code, message, hasParam ? param : null, from.readLong(), from.readBoolean());
    }

    private static String text(DataInputStream from) throws IOException {
        return new String(part(from), StandardCharsets.UTF_8);
    }

    private static byte[] part(DataInputStream from) throws IOException {
        int length = from.readInt();
        if (length < 0 || length > from.available()) {
            throw new IOException("an outcome is cut off");
        }
        return from.readNBytes(length);
    }
}
