// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One virtual thread a connection: what stands in where wrk is not installed.
public record OwnLoad() implements ClosedLoop {
    @Override
    public String describe() {
        return "our own load generator (wrk is not installed)";
    }

    @Override
    public Result run(Target target, String body, Load load) {
        byte[] request = target.request(body);
        long start = System.nanoTime();
        long end = start + load.time().toNanos();
        long answers = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> clients = new ArrayList<>();
            for (int i = 0; i < load.connections(); i++) {
                clients.add(threads.submit(() -> client(target, request, end)));
            }
            for (Future<Long> client : clients) {
                answers += client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(target.name() + " did not serve all", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Result(answers, answers * 1e9 / (System.nanoTime() - start));
    }

    private static long client(Target target, byte[] request, long end) {
        long answers = 0;
        try (Exchange exchange = Exchange.connect(target.host(), target.port())) {
            while (System.nanoTime() - end < 0) {
                int status = exchange.ask(request).status();
                if (status != 200) {
                    throw new IllegalStateException(target.name() + " answered " + status);
                }
                answers++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }
}
