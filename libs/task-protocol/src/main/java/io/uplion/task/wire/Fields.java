// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/// The kinds of fields, each written and read strictly. What is written can be read.
final class Fields {
    private static final int UUID_BYTES = 16;
    private static final int NAME_LENGTH = 300;
    private static final int TEXT_LENGTH = 4000;
    private static final int NANOS = 1_000_000_000;

    private Fields() {}

    static ByteString of(UUID id) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(UUID_BYTES)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .flip());
    }

    static UUID uuid(ByteString bytes, String field) {
        if (bytes.size() != UUID_BYTES) {
            throw new MalformedException(field + " has " + bytes.size() + " bytes instead of 16");
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /// Without a copy; nobody writes into the bytes any more.
    static ByteString of(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /// Where the absence of a field could pass for a value.
    static void present(boolean present, String field) {
        if (!present) {
            throw new MalformedException(field + " is missing");
        }
    }

    /// A name of ours, as the peer was given it.
    static String name(String value, String field) {
        return bounded(value, NAME_LENGTH, field);
    }

    static String bounded(String value, int limit, String field) {
        if (value.isEmpty()) {
            throw new MalformedException(field + " is missing");
        }
        return atMost(value, limit, field);
    }

    static String text(String value, String field) {
        return atMost(value, TEXT_LENGTH, field);
    }

    static String atMost(String value, int limit, String field) {
        if (value.length() > limit) {
            throw new MalformedException(
                    field + " has " + value.length() + " characters, at most " + limit);
        }
        return value;
    }

    /// A text of any origin: a provider may send a long one, or half a character.
    static String of(String text) {
        return clipped(text, TEXT_LENGTH);
    }

    static String clipped(String text, int limit) {
        String head = text.length() > limit ? text.substring(0, limit) : text;
        return new String(head.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /// Of HTTP.
    static int status(int value, String field) {
        return within(value, 100, 599, field);
    }

    static int attempt(int value) {
        return within(value, 1, Integer.MAX_VALUE, "attempt");
    }

    private static int within(int value, int least, int most, String field) {
        if (value < least || value > most) {
            throw new MalformedException(field + " is " + value);
        }
        return value;
    }

    static long notNegative(long value, String field) {
        if (value < 0) {
            throw new MalformedException(field + " is negative");
        }
        return value;
    }

    static Timestamp of(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Instant instant(Timestamp time, String field) {
        try {
            return Instant.ofEpochSecond(time.getSeconds(), nanos(time.getNanos(), field));
        } catch (DateTimeException e) {
            throw new MalformedException(field + " is no time: " + e.getMessage());
        }
    }

    static Duration of(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    static java.time.Duration duration(Duration value, String field) {
        return java.time.Duration.ofSeconds(
                notNegative(value.getSeconds(), field), nanos(value.getNanos(), field));
    }

    private static int nanos(int value, String field) {
        return within(value, 0, NANOS - 1, field + "'s nanos");
    }
}
