// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.relay;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What a client has not taken yet. Little of it is with the network at one time, which copies what
/// it is given into memory of its own, of which there is less; the rest waits here, without a copy.
/// Lives on the client's event loop.
final class Outgoing {
    /// A large one goes out in pieces, so that progress is seen.
    private static final int PIECE_BYTES = 128 << 10;

    private static final int NETWORK_BYTES = 1 << 20;

    private final HttpServerResponse response;
    private final Runnable whenTaken;
    private final Deque<Buffer> waiting = new ArrayDeque<>();
    private @Nullable Runnable last;
    private long networkBytes;
    private long pendingBytes;
    private boolean writing;

    /// @param whenTaken called whenever the client has taken something
    Outgoing(HttpServerResponse response, Runnable whenTaken) {
        this.response = response;
        this.whenTaken = whenTaken;
    }

    /// Bytes that the client has not taken.
    long pendingBytes() {
        return pendingBytes;
    }

    /// @param bytes nobody writes into them any more
    void add(byte[] bytes) {
        pendingBytes += bytes.length;
        waiting.add(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes)));
        write();
    }

    /// Nothing is added any more.
    ///
    /// @param then said as soon as the network has all
    void end(Runnable then) {
        last = then;
        write();
    }

    boolean isEnding() {
        return last != null;
    }

    /// A piece may be taken while it is written: one loop, not one call in another.
    private void write() {
        if (writing) {
            return;
        }
        writing = true;
        try {
            while (networkBytes < NETWORK_BYTES && !waiting.isEmpty()) {
                piece();
            }
        } finally {
            writing = false;
        }
        if (waiting.isEmpty() && last != null) {
            Runnable then = last;
            last = null;
            then.run();
        }
    }

    private void piece() {
        Buffer first = waiting.remove();
        Buffer piece = first;
        if (first.length() > PIECE_BYTES) {
            piece = first.slice(0, PIECE_BYTES);
            waiting.addFirst(first.slice(PIECE_BYTES, first.length()));
        }
        int length = piece.length();
        networkBytes += length;
        response.write(piece)
                .onComplete(
                        _ -> taken(length),
                        _ -> {
                            drop();
                            taken(length);
                        });
    }

    private void taken(int bytes) {
        networkBytes -= bytes;
        pendingBytes = Math.max(0, pendingBytes - bytes);
        whenTaken.run();
        write();
    }

    /// Nobody is there to take what waits here.
    void drop() {
        waiting.clear();
        last = null;
        pendingBytes = Math.min(pendingBytes, networkBytes);
    }

    /// Nor what the network has.
    void cut() {
        drop();
        pendingBytes = 0;
    }
}
