// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/// A stream that is read at no more than a given rate.
final class Trickle extends FilterInputStream {
    private static final int GULPS_A_SECOND = 20;

    private final long bytesPerSecond;
    private long dueNanos = System.nanoTime();

    Trickle(InputStream in, long bytesPerSecond) {
        super(in);
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        pause(dueNanos - System.nanoTime());
        int gulp = Math.clamp(bytesPerSecond / GULPS_A_SECOND, 1, Math.max(1, length));
        int count = super.read(bytes, from, Math.min(gulp, length));
        long took = TimeUnit.SECONDS.toNanos(Math.max(0, count)) / bytesPerSecond;
        dueNanos = Math.max(dueNanos, System.nanoTime()) + took;
        return count;
    }

    private static void pause(long nanos) throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
