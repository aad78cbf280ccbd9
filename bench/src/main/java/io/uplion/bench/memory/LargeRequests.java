// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.memory;

import io.uplion.bench.load.Exchange;
import io.uplion.bench.load.Exchange.Times;
import io.uplion.bench.load.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Large requests whose answers are as large: nothing of them may be lost.
final class LargeRequests {
    private final Target target;
    private final byte[] request;
    private final int bytes;

    LargeRequests(Target target, int bytes) {
        this.target = target;
        this.bytes = bytes;
        this.request = target.request(target.body(false, bytes));
    }

    /// @return how many were answered whole
    int run(int requests, int connections) {
        AtomicInteger left = new AtomicInteger(requests);
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                clients.add(threads.submit(() -> client(left, answered)));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a large request failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answered.get();
    }

    private void client(AtomicInteger left, AtomicInteger answered) {
        try (Exchange exchange = Exchange.connect(target.host(), target.port())) {
            while (left.getAndDecrement() > 0) {
                Times times = exchange.ask(request);
                // The answer repeats the text; what stands around it differs by some hundred bytes.
                if (times.status() != 200 || times.bodyBytes() < bytes - 200) {
                    throw new IllegalStateException(
                            "status " + times.status() + ", " + times.bodyBytes() + " bytes");
                }
                answered.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
