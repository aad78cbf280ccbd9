// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import java.util.function.Consumer;

/// Where a worker opens reply streams: the gateway that holds the client.
@FunctionalInterface
public interface ReplyDesk {
    /// Does not block.
    ///
    /// @param fromGateway is told everything the gateway says, one message at a time, possibly
    ///   before this method returns; after [FromGateway.Lost] nothing
    ReplyStream attach(Attach attach, Consumer<FromGateway> fromGateway);

    /// The worker's end of one stream. Messages keep their order.
    interface ReplyStream {
        void send(FromWorker message);

        /// Calls back when everything sent so far has been looked at, on any thread: whoever reads
        /// what a worker says must not read faster.
        default void whenTaken(Runnable then) {
            then.run();
        }

        /// The worker has nothing more to say; said without an end or a failure it means that the
        /// worker is lost.
        void close();
    }
}
