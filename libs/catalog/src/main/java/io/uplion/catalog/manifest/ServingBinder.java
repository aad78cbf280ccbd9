// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads `spec.type` with `spec.remote` or `spec.local`.
final class ServingBinder {
    private static final String OPENAI_URL = "https://api.openai.com/v1";

    private static final Choice<String> TYPES =
            new Choice<>(Map.of("remote", "remote", "local", "local"), List.of());
    private static final Choice<Serving.Provider> PROVIDERS =
            new Choice<>(
                    Map.of(Serving.Provider.OPENAI.id(), Serving.Provider.OPENAI),
                    List.of("anthropic", "gemini", "azure-openai"));
    private static final String SIMULATOR = "simulator";
    private static final Choice<String> ENGINES =
            new Choice<>(Map.of(SIMULATOR, SIMULATOR), List.of("llamacpp", "container"));

    private static final KnownFields REMOTE =
            KnownFields.of("provider", "baseUrl", "model", "apiKey");
    private static final List<String> OTHER_ENGINES =
            List.of(
                    "source",
                    "image",
                    "preset",
                    "args",
                    "env",
                    "resources",
                    "nodeSelector",
                    "tolerations");
    private static final KnownFields LOCAL =
            KnownFields.of(
                    Stream.concat(Stream.of("engine", SIMULATOR), OTHER_ENGINES.stream())
                            .toArray(String[]::new));
    private static final KnownFields SIMULATION = KnownFields.of("ttft", "interToken", "tokens");
    private static final DurationRange SILENCE =
            new DurationRange(Duration.ZERO, Duration.ofHours(1));
    private static final IntRange TOKENS = new IntRange(1, 1_000_000);

    private ServingBinder() {}

    /// @param model the pool's model, which is also upstream's where the manifest names no other
    static Optional<Serving> bind(Fields spec, String model) {
        Optional<String> type = spec.required("type", TYPES);
        type.ifPresent(t -> checkSections(spec, t));
        // Both are read, so that the problems of a manifest without a type are all told.
        Optional<Serving> remote = spec.find("remote").flatMap(value -> remote(value, model));
        Optional<Serving> local = spec.find("local").flatMap(ServingBinder::local);
        return remote.or(() -> local);
    }

    private static void checkSections(Fields spec, String type) {
        String other = type.equals("remote") ? "local" : "remote";
        spec.find(other)
                .ifPresent(value -> value.refuse("does not go with type " + type + "; remove it"));
        if (spec.find(type).isEmpty()) {
            spec.missing(type, "a mapping, because of type " + type);
        }
    }

    private static Optional<Serving> remote(Value value, String model) {
        Fields remote = Fields.of(value, REMOTE);
        Optional<Serving.Provider> provider = remote.required("provider", PROVIDERS);
        URI url = remote.get("baseUrl", new BaseUrlFormat(), URI.create(OPENAI_URL));
        String upstream = remote.get("model", TextFormat.MODEL_NAME, model);
        Optional<SecretSource> apiKey = remote.optional("apiKey", new ApiKeyFormat());
        return provider.map(p -> new Serving.Remote(p, url, upstream, apiKey));
    }

    private static Optional<Serving> local(Value value) {
        Fields local = Fields.of(value, LOCAL);
        Optional<String> engine = local.required("engine", ENGINES);
        if (engine.isPresent()) {
            OTHER_ENGINES.stream()
                    .flatMap(name -> local.find(name).stream())
                    .forEach(ServingBinder::idle);
        }
        Serving simulator = simulator(local.nested(SIMULATOR, SIMULATION));
        return engine.map(_ -> simulator);
    }

    private static void idle(Value value) {
        value.refuse("has no effect with engine simulator; remove it");
    }

    private static Serving simulator(Fields fields) {
        Serving.Simulator usual = Serving.Simulator.DEFAULT;
        return new Serving.Simulator(
                fields.get("ttft", SILENCE, usual.ttft()),
                fields.get("interToken", SILENCE, usual.interToken()),
                fields.get("tokens", TOKENS, usual.tokens()));
    }
}
