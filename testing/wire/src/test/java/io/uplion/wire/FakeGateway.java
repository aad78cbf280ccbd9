// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk;
import io.uplion.task.Task;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A gateway in the hands of a test, as far as workers see it: who knows a task's nonce is heard,
/// and nobody else.
final class FakeGateway implements ReplyDesk {
    private final Map<UUID, String> waiting = new ConcurrentHashMap<>();
    private final BlockingQueue<Stream> attached = new LinkedBlockingQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Consumer<Stream> onAttach = _ -> {};
    private volatile boolean busy;

    /// A client's task, and how a worker asks for it.
    Attach waits(Task.Gateway self) {
        var task = UUID.randomUUID();
        waiting.put(task, "nonce-" + task);
        return new Attach(task, self, "nonce-" + task, "pool-a", "pool-a-1");
    }

    /// Done on the stream before `attach` returns.
    void onAttach(Consumer<Stream> what) {
        onAttach = what;
    }

    /// While it is, it looks at nothing that workers say.
    void busy(boolean now) {
        busy = now;
    }

    /// How many have asked, strangers among them.
    int asked() {
        return asked.get();
    }

    /// The next stream that was opened.
    Stream next() {
        try {
            var stream = attached.poll(10, TimeUnit.SECONDS);
            if (stream == null) {
                throw new AssertionError("Nobody has attached");
            }
            return stream;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    boolean nobodyAttached() {
        return attached.isEmpty();
    }

    @Override
    public ReplyStream attach(Attach attach, Consumer<FromGateway> worker) {
        asked.incrementAndGet();
        var stream = new Stream(attach, worker);
        if (!attach.nonce().equals(waiting.get(attach.task()))) {
            worker.accept(FromGateway.Done.FORGET);
            stream.fenced = true;
            return stream;
        }
        onAttach.accept(stream);
        attached.add(stream);
        return stream;
    }

    final class Stream implements ReplyStream {
        private final Attach attach;
        private final Consumer<FromGateway> worker;
        private final List<FromWorker> heard = new ArrayList<>();
        private final List<Runnable> untaken = new ArrayList<>();
        private boolean fenced;
        private int closed;

        private Stream(Attach attach, Consumer<FromGateway> worker) {
            this.attach = attach;
            this.worker = worker;
        }

        Attach attach() {
            return attach;
        }

        Stream say(FromGateway message) {
            worker.accept(message);
            return this;
        }

        @Override
        public synchronized void send(FromWorker message) {
            if (fenced) {
                throw new AssertionError("A stranger was heard: " + message);
            }
            if (closed > 0) {
                throw new AssertionError("Heard after the end: " + message);
            }
            heard.add(message);
        }

        @Override
        public void whenTaken(Runnable then) {
            synchronized (this) {
                untaken.add(then);
            }
            lookAtAll();
        }

        /// After having been busy.
        void lookAtAll() {
            if (busy) {
                return;
            }
            List<Runnable> taken;
            synchronized (this) {
                taken = List.copyOf(untaken);
                untaken.clear();
            }
            taken.forEach(Runnable::run);
        }

        @Override
        public synchronized void close() {
            closed++;
        }

        synchronized List<FromWorker> heard() {
            return List.copyOf(heard);
        }

        synchronized int count() {
            return heard.size();
        }

        synchronized int closed() {
            return closed;
        }

        List<FromWorker> await(int messages) {
            Await.until(
                    messages + " messages from the worker",
                    Duration.ofSeconds(20),
                    () -> count() >= messages);
            return heard();
        }

        void awaitClosed(Duration limit) {
            Await.until("the stream is closed", limit, () -> closed() > 0);
        }
    }
}
