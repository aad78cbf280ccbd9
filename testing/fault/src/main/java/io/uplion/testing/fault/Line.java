// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// One direction of a link: a reader, a short queue, a writer. The end of the stream goes through
/// the queue like the bytes before it, so a black hole swallows that too, and a delay delays it.
final class Line {
    private static final int PIECE = 16 * 1024;
    private static final int PIECES = 16;

    private final Direction direction;
    private final Weather weather;
    private final Socket from;
    private final Socket to;
    private final BlockingQueue<Piece> queue = new ArrayBlockingQueue<>(PIECES);

    private sealed interface Piece {
        long arrivedNanos();

        record Data(byte[] bytes, long arrivedNanos) implements Piece {}

        record End(long arrivedNanos) implements Piece {}

        record Reset(long arrivedNanos) implements Piece {}
    }

    Line(Direction direction, Weather weather, Socket from, Socket to) {
        this.direction = direction;
        this.weather = weather;
        this.from = from;
        this.to = to;
    }

    /// Reads until the stream ends, or is interrupted.
    void read() {
        byte[] buffer = new byte[PIECE];
        try {
            while (true) {
                Piece piece = next(buffer);
                queue.put(piece);
                if (!(piece instanceof Piece.Data)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // The link is cut, or nobody takes the bytes any more.
            Thread.currentThread().interrupt();
        }
    }

    private Piece next(byte[] buffer) {
        try {
            InputStream in = from.getInputStream();
            int count = in.read(buffer);
            return count < 0
                    ? new Piece.End(System.nanoTime())
                    : new Piece.Data(Arrays.copyOf(buffer, count), System.nanoTime());
        } catch (IOException e) {
            return new Piece.Reset(System.nanoTime());
        }
    }

    /// Writes until the stream ends, or is interrupted.
    void write() {
        try {
            while (true) {
                Piece piece = queue.take();
                weather.awaitPassage(direction, piece.arrivedNanos());
                switch (piece) {
                    case Piece.Data(byte[] bytes, long arrived) -> write(bytes, arrived);
                    case Piece.End _ -> {
                        to.shutdownOutput();
                        return;
                    }
                    case Piece.Reset _ -> {
                        Sockets.reset(to);
                        return;
                    }
                }
            }
        } catch (IOException e) {
            tellBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(byte[] bytes, long arrived) throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        for (int at = 0; at < bytes.length; ) {
            int slice = weather.slice(bytes.length - at);
            weather.awaitPassage(direction, arrived);
            out.write(bytes, at, slice);
            weather.awaitTransfer(slice);
            at += slice;
        }
    }

    /// The receiver is gone. That is news for the sender, and travels in the other direction.
    private void tellBack() {
        try {
            weather.awaitPassage(direction.reverse(), System.nanoTime());
            Sockets.reset(from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
