// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import io.micrometer.core.instrument.MeterRegistry;
import io.uplion.standalone.data.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The child processes of one platform. Everything about them is in `DATA/run`: logs, pid files,
/// ports and addresses. Any thread may call.
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final Path run;
    private final Consumer<String> say;
    private final KeptPorts ports;
    private final Endpoints endpoints;
    private final ProcessMeters meters;

    /// Those that were started together, together.
    private final List<List<SupervisedChild>> starts = new ArrayList<>();

    private Supervisor(Path run, Consumer<String> say, MeterRegistry registry) throws IOException {
        this.run = run;
        this.say = say;
        this.ports = new KeptPorts(run.resolve("ports.properties"));
        this.endpoints = new Endpoints(run.resolve("endpoints.json"));
        this.meters = new ProcessMeters(registry);
    }

    /// Stops what a platform that was killed has left behind.
    ///
    /// @param data held by the caller, so that nobody else's children are in it
    /// @param say takes lines for the person at the terminal
    /// @param registry shows how the children are
    /// @throws ProcessException in words for the same
    public static Supervisor open(Path data, Consumer<String> say, MeterRegistry registry) {
        Path run = data.resolve("run");
        try {
            if (Files.notExists(run)) {
                Files.createDirectories(
                        run,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            Path real = data.toRealPath();
            Supervisor supervisor = new Supervisor(real.resolve("run"), say, registry);
            supervisor.endpoints.clear();
            Orphans.stop(real, supervisor.run);
            return supervisor;
        } catch (IOException e) {
            throw new ProcessException(run + " cannot be used: " + FileTrouble.words(e), e);
        }
    }

    public KeptPorts ports() {
        return ports;
    }

    /// For what runs but is no child.
    ///
    /// @param log where it prints
    public ForeignProcess show(String name, Path log) {
        ForeignProcess foreign = new ForeignProcess(name, run, say);
        ForeignProcess.link(run, name, log);
        meters.add(name, foreign::isUp, foreign::restarts);
        return foreign;
    }

    /// For what is reached but is no child. Children add themselves.
    public Endpoints endpoints() {
        return endpoints;
    }

    /// Starts them all at once and returns when all are ready. From then on each is started again
    /// when it dies, which is said in one line.
    ///
    /// @throws ProcessException with the end of the log of the one that did not start; those that
    ///   live stay until [#close], watched as if they were ready
    public void start(List<ChildSpec> specs) {
        List<SupervisedChild> started = new ArrayList<>();
        List<SupervisedChild> together = new ArrayList<>();
        for (ChildSpec spec : specs) {
            SupervisedChild child = new SupervisedChild(spec, run, say);
            add(child, together);
            started.add(child);
            child.begin();
        }
        try {
            for (SupervisedChild child : started) {
                child.awaitReady();
                endpoints.add(child.spec().endpoints());
            }
        } catch (ProcessException e) {
            for (SupervisedChild child : started) {
                if (child.watchLate()) {
                    endpoints.add(child.spec().endpoints());
                }
            }
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessException("interrupted while children started", e);
        }
    }

    private void add(SupervisedChild child, List<SupervisedChild> together) {
        synchronized (starts) {
            if (find(child.spec().name()).isPresent()) {
                throw new IllegalStateException(child.spec().name() + " runs already");
            }
            starts.removeIf(List::isEmpty);
            if (together.isEmpty()) {
                starts.add(together);
            }
            together.add(child);
        }
        meters.add(child.spec().name(), () -> child.running().isPresent(), child::restarts);
    }

    private Optional<SupervisedChild> find(String name) {
        synchronized (starts) {
            return starts.stream()
                    .flatMap(List::stream)
                    .filter(child -> child.spec().name().equals(name))
                    .findAny();
        }
    }

    /// The process that a child is now; none between its end and its next start.
    public Optional<ProcessHandle> process(String name) {
        return find(name).flatMap(SupervisedChild::running);
    }

    /// Stops these together, SIGTERM first, and returns when they are gone.
    public void stop(Collection<String> names) {
        stopAll(names.stream().map(this::find).flatMap(Optional::stream).toList());
    }

    private void stopAll(List<SupervisedChild> stopped) {
        stopped.forEach(SupervisedChild::askToStop);
        for (SupervisedChild child : stopped) {
            child.awaitEnd();
            endpoints.remove(child.spec().endpoints().keySet());
            meters.remove(child.spec().name());
            synchronized (starts) {
                starts.forEach(together -> together.remove(child));
            }
        }
    }

    /// Sends all away without waiting, for a process that ends now whatever runs.
    public void abandon() {
        synchronized (starts) {
            starts.forEach(together -> together.forEach(SupervisedChild::abandon));
        }
    }

    /// Stops what still runs, last started first; what was started together is stopped together.
    @Override
    public void close() {
        List<List<SupervisedChild>> left;
        synchronized (starts) {
            starts.removeIf(List::isEmpty);
            left = starts.stream().map(List::copyOf).toList();
        }
        left.reversed().forEach(this::stopAll);
        try {
            endpoints.clear();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("endpoints.json cannot be deleted");
        }
    }
}
