// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The pieces of an answer, until it is whole. They are put together once: a buffer that grows
/// would be copied again and again.
final class WholeBody {
    private final List<Buffer> pieces = new ArrayList<>();
    private int length;

    void add(Buffer piece) {
        pieces.add(piece);
        length += piece.length();
    }

    int length() {
        return length;
    }

    /// To be asked for once.
    ///
    /// @return nothing where there is no memory: whoever asked must be told, and others go on
    Optional<byte[]> take() {
        try {
            byte[] whole = new byte[length];
            int at = 0;
            for (Buffer piece : pieces) {
                piece.getBytes(whole, at);
                at += piece.length();
            }
            return Optional.of(whole);
        } catch (OutOfMemoryError e) {
            return Optional.empty();
        } finally {
            pieces.clear();
        }
    }
}
