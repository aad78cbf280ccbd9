// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.ByteBuffer;
import java.util.List;

/// Sends a request's body. A large one goes in parts that are not copied before their turn: the
/// network copies what is written to it, and it may be sixty megabytes.
final class RequestBody {
    private static final int PART_BYTES = 128 << 10;

    private RequestBody() {}

    static void send(HttpClientRequest request, List<ByteBuffer> body) {
        int length = body.stream().mapToInt(ByteBuffer::remaining).sum();
        if (length <= PART_BYTES) {
            Buffer whole = Buffer.buffer(length);
            body.forEach(
                    piece ->
                            whole.appendBytes(
                                    piece.array(),
                                    piece.arrayOffset() + piece.position(),
                                    piece.remaining()));
            request.end(whole);
            return;
        }
        request.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
        body.forEach(piece -> write(request, piece));
        request.end();
    }

    private static void write(HttpClientRequest request, ByteBuffer piece) {
        for (int from = piece.position(); from < piece.limit(); from += PART_BYTES) {
            int bytes = Math.min(PART_BYTES, piece.limit() - from);
            request.write(
                    BufferInternal.buffer(
                            Unpooled.wrappedBuffer(
                                    piece.array(), piece.arrayOffset() + from, bytes)));
        }
    }
}
