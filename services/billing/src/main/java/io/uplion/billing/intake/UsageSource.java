// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.billing.intake;

import java.time.Duration;

/// Where usage records wait to be billed. One contract test holds every adapter.
///
/// For one thread. What was taken and not acknowledged comes again, to this process or another: a
/// record may come any number of times.
public interface UsageSource extends AutoCloseable {

    /// How much is taken at once.
    ///
    /// @param records at most
    /// @param time after which there may be fewer, or none
    record Bounds(int records, Duration time) {}

    /// Takes as many records as the bounds say, or what there is after their time.
    ///
    /// @throws SourceException where nobody can say what there is; trying again does no harm
    UsageBatch take() throws InterruptedException;

    /// All that was taken is billed.
    ///
    /// @throws SourceException where that could not be noted: it may come again
    void acknowledge();

    /// A mark behind everything that was published before this call. Blocks.
    ///
    /// @throws SourceException where it cannot be set; trying again does no harm
    Mark mark();

    /// Whether all before the mark was taken *and* acknowledged, by this process. It may stay so
    /// for ever that it was not, where another process takes the mark: then a new one helps.
    boolean isPassed(Mark mark);

    @Override
    void close();

    /// Marks of one source are in the order in which they were set.
    ///
    /// @param place what the source says of it
    record Mark(long number, String place) {}

    /// The source is away.
    final class SourceException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public SourceException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
