// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.catalog.manifest.ManifestError;
import io.uplion.openai.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches where models come from and applies what changes: manifests each second, other servers
/// now and then. A manifest of the same model wins over one that was found, and over the simulator.
final class ModelWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelWatch.class);
    private static final Duration FILES = Duration.ofSeconds(1);
    private static final Duration SERVERS = Duration.ofSeconds(30);

    /// The model that needs no set-up.
    static final AIModel SIMULATOR =
            new AIModel(
                    "simulator",
                    "simulator",
                    Serving.Simulator.DEFAULT,
                    EnumSet.allOf(Endpoint.class),
                    1000,
                    AIModel.DEFAULT_TIMEOUT,
                    AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                    AIModel.Scaling.defaults(1000),
                    AIModel.Price.FREE,
                    AIModel.Limits.DEFAULT,
                    AIModel.Access.EVERYONE);

    private final ModelFiles files;
    private final Discovery discovery;
    private final Consumer<List<AIModel>> wanted;
    private final ScheduledExecutorService thread = oneThread("models");

    /// Servers may be slow to answer; files must not wait for them.
    private final ScheduledExecutorService servers = oneThread("models-discovery");

    private volatile String failing = "";
    private List<AIModel> manifests = List.of();
    private List<ManifestError> errors = List.of();
    private List<String> empty = List.of();
    private List<AIModel> found = List.of();

    /// @param wanted is told all models that are wanted, at first and after each change, by one
    ///   thread
    ModelWatch(ModelFiles files, Discovery discovery, Consumer<List<AIModel>> wanted) {
        this.files = files;
        this.discovery = discovery;
        this.wanted = wanted;
    }

    /// Applies what is there now, then keeps looking.
    void start() {
        found = discovery.look();
        lookAtFiles();
        apply();
        every(thread, FILES, this::watchFiles);
        every(servers, SERVERS, this::watchServers);
    }

    private static ScheduledExecutorService oneThread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
    }

    private void every(ScheduledExecutorService on, Duration pause, Runnable look) {
        on.scheduleWithFixedDelay(
                () -> guarded(look), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// A fault in one look must not end the watch, and is told once, not each second.
    private void guarded(Runnable look) {
        try {
            look.run();
            failing = "";
        } catch (RuntimeException e) {
            String failure = String.valueOf(e.getMessage());
            if (!failure.equals(failing)) {
                LOG.atError().setCause(e).log("the models could not be looked at");
            }
            failing = failure;
        }
    }

    private void watchFiles() {
        if (lookAtFiles()) {
            apply();
        }
    }

    private void watchServers() {
        List<AIModel> now = discovery.look();
        thread.execute(() -> guarded(() -> foundNow(now)));
    }

    private void foundNow(List<AIModel> now) {
        if (!now.equals(found)) {
            found = now;
            apply();
        }
    }

    private boolean lookAtFiles() {
        try {
            return files.look().map(this::changed).orElse(false);
        } catch (IOException e) {
            throw new UncheckedIOException("the models directory cannot be read", e);
        }
    }

    private boolean changed(ModelFiles.Found now) {
        List<ManifestError> known = errors;
        errors = now.errors();
        for (ManifestError error : errors.stream().filter(e -> !known.contains(e)).toList()) {
            LOG.atError()
                    .addKeyValue("file", error.file())
                    .addKeyValue("line", error.line())
                    .addKeyValue("field", error.field())
                    .log("a manifest is wrong: {}", error);
        }
        for (String file : now.empty().stream().filter(name -> !empty.contains(name)).toList()) {
            LOG.atWarn().addKeyValue("file", file).log("there is no manifest in {}", file);
        }
        empty = now.empty();
        manifests = now.models();
        return true;
    }

    private void apply() {
        Set<String> named =
                manifests.stream()
                        .flatMap(model -> List.of(model.name(), model.model()).stream())
                        .collect(Collectors.toSet());
        List<AIModel> all = new ArrayList<>(manifests);
        for (AIModel other : others()) {
            if (!named.contains(other.name()) && named.add(other.model())) {
                all.add(other);
            }
        }
        wanted.accept(all);
    }

    /// What is there without any set-up comes first: only who writes a manifest means to replace
    /// it.
    private List<AIModel> others() {
        List<AIModel> others = new ArrayList<>();
        others.add(SIMULATOR);
        others.addAll(found);
        return others;
    }

    @Override
    public void close() {
        servers.shutdownNow();
        thread.shutdownNow();
    }
}
