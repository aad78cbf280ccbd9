// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.http;

import java.io.BufferedInputStream;
import java.io.InputStream;

/// How a client takes in what comes.
///
/// @param kernelBuffer bytes that the kernel may hold; 0: as many as it likes
/// @param readAhead bytes that are read at once
/// @param bytesPerSecond 0: as fast as they come
public record Intake(int kernelBuffer, int readAhead, long bytesPerSecond) {
    public static final Intake EAGER = new Intake(0, 8192, 0);

    /// Takes little memory, for many connections on which little happens.
    public static final Intake SMALL = new Intake(0, 512, 0);

    private static final int SMALLEST = 4096;

    public Intake {
        if (kernelBuffer < 0 || readAhead < 1 || bytesPerSecond < 0) {
            throw new IllegalArgumentException("A negative amount");
        }
    }

    /// Reads so slowly, with so little buffered on the way, that the server notices.
    public static Intake slow(long bytesPerSecond) {
        return new Intake(SMALLEST, 512, bytesPerSecond);
    }

    InputStream of(InputStream in) {
        InputStream paced = bytesPerSecond == 0 ? in : new Trickle(in, bytesPerSecond);
        return new BufferedInputStream(paced, readAhead);
    }
}
