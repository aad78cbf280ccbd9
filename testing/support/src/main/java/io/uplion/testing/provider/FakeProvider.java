// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.uplion.testing.wait.Await;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// An OpenAI-compatible provider on the loopback address whose behaviour the `model` of each
/// request selects: `fake;tokens=50;interval=20ms`, `fake;status=429;retry-after=7`, `fake;cut=3`.
/// The words are in the module's README. A name without words gets the default answer, or the
/// script it was given with [#script].
public final class FakeProvider implements AutoCloseable {
    private static final long START_STOP_SECONDS = 20;

    private final Vertx vertx;
    private final int port;
    private final Scripts scripts;
    private final Recording recording;

    private FakeProvider(Vertx vertx, int port, Scripts scripts, Recording recording) {
        this.vertx = vertx;
        this.port = port;
        this.scripts = scripts;
        this.recording = recording;
    }

    /// On a free port, with one event loop, recording.
    public static FakeProvider start() {
        return start(FakeSettings.DEFAULT);
    }

    public static FakeProvider start(int port, int eventLoops) {
        return start(new FakeSettings(port, eventLoops, true));
    }

    public static FakeProvider start(FakeSettings settings) {
        Vertx vertx = vertx(settings.eventLoops());
        Scripts scripts = new Scripts();
        Recording recording = new Recording(settings.record());
        AtomicInteger port = new AtomicInteger();
        try {
            done(
                    vertx.deployVerticle(
                            () -> new FakeServer(settings, scripts, recording, port::set),
                            new DeploymentOptions().setInstances(settings.eventLoops())));
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
        return new FakeProvider(vertx, port.get(), scripts, recording);
    }

    private static Vertx vertx(int eventLoops) {
        FileSystemOptions noFiles =
                new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false);
        return Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(eventLoops).setFileSystemOptions(noFiles));
    }

    public int port() {
        return port;
    }

    /// `http://127.0.0.1:PORT/v1`
    public String baseUrl() {
        return "http://127.0.0.1:" + port + "/v1";
    }

    /// From now on the model behaves so; what `fail=N` has counted starts anew.
    ///
    /// @param words the script without the name: `tokens=5;interval=20ms`
    public FakeProvider script(String model, String words) {
        scripts.give(model, words);
        return this;
    }

    /// From now on requests for this model get no byte until it is released: so many can be under
    /// way at one time, however long it takes them to arrive.
    public void hold(String model) {
        scripts.hold(model);
    }

    /// Answers all that were held, and from now on at once.
    public void release(String model) {
        scripts.release(model);
    }

    /// The newest 20 000 requests that have ended, in the order in which they did.
    public List<Served> served() {
        return recording.served();
    }

    /// How many have ended that are not among them any more.
    public long dropped() {
        return recording.dropped();
    }

    public List<Served> served(String model) {
        return served().stream().filter(one -> one.model().equals(model)).toList();
    }

    public Counters counters() {
        return recording.counters();
    }

    /// Requests whose head has arrived and whose end has not come.
    public int inFlight() {
        return recording.inFlight();
    }

    /// Those of them whose body was read, oldest first.
    public List<Underway> underway() {
        return recording.underway();
    }

    /// Waits until exactly so many requests are in flight.
    public void awaitInFlight(int expected, Duration limit) {
        Await.until(
                expected + " requests in flight at the provider",
                limit,
                () -> recording.inFlight() == expected);
    }

    /// Waits until at least so many requests have ended.
    public List<Served> awaitServed(int expected, Duration limit) {
        Await.until(
                expected + " requests served by the provider",
                limit,
                () -> recording.served().size() >= expected);
        return served();
    }

    /// Empties the record and the counters; what is in flight goes on.
    public void forget() {
        recording.forget();
    }

    /// Stops at once; requests in flight see their connection closed.
    @Override
    public void close() {
        done(vertx.close());
    }

    private static void done(Future<?> future) {
        try {
            future.toCompletionStage()
                    .toCompletableFuture()
                    .get(START_STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The fake provider cannot start or stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
