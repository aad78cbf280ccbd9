// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.AIModel.Access;
import io.uplion.catalog.AIModel.Limits;
import io.uplion.catalog.Serving;
import io.uplion.openai.Endpoint;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads `spec`. The defaults that no type carries stand here.
final class SpecBinder {
    static final KnownFields SPEC =
            KnownFields.of(
                    "model",
                    "type",
                    "remote",
                    "local",
                    "endpoints",
                    "concurrency",
                    "timeout",
                    "firstFrameTimeout",
                    "scaling",
                    "price",
                    "limits",
                    "access");
    private static final KnownFields LIMITS =
            KnownFields.of("contextTokens", "outputTokens", "queued");
    private static final KnownFields ACCESS = KnownFields.of("groups");

    private static final IntRange CONCURRENCY = new IntRange(1, 100_000);
    private static final IntRange TOKENS = new IntRange(0, 1_000_000_000);
    private static final IntRange QUEUED = new IntRange(1, 1_000_000);
    private static final DurationRange TIMEOUT =
            new DurationRange(Duration.ofSeconds(1), Duration.ofHours(24));
    private static final ListFormat<String> GROUPS = new ListFormat<>(TextFormat.GROUP, 0);
    private static final ListFormat<Endpoint> ENDPOINTS =
            new ListFormat<>(
                    new Choice<>(
                            Stream.of(Endpoint.values())
                                    .collect(Collectors.toMap(Endpoint::id, Function.identity())),
                            List.of()),
                    1);

    private SpecBinder() {}

    static Optional<AIModel> bind(Fields spec, String name) {
        String model = spec.get("model", TextFormat.MODEL_NAME, name);
        Optional<Serving> serving = ServingBinder.bind(spec, model);
        int concurrency = spec.get("concurrency", CONCURRENCY, AIModel.DEFAULT_CONCURRENCY);
        Duration timeout = spec.get("timeout", TIMEOUT, AIModel.DEFAULT_TIMEOUT);
        Set<Endpoint> endpoints = endpoints(spec);
        Duration firstFrame = firstFrameTimeout(spec, timeout);
        AIModel.Scaling scaling = ScalingBinder.bind(spec, concurrency);
        AIModel.Price price = PriceBinder.bind(spec);
        Limits limits = limits(spec);
        Access access = access(spec);
        return serving.map(
                s ->
                        new AIModel(
                                name,
                                model,
                                s,
                                endpoints,
                                concurrency,
                                timeout,
                                firstFrame,
                                scaling,
                                price,
                                limits,
                                access));
    }

    private static Set<Endpoint> endpoints(Fields spec) {
        return spec.optional("endpoints", ENDPOINTS)
                .<Set<Endpoint>>map(Set::copyOf)
                .orElseGet(() -> EnumSet.allOf(Endpoint.class));
    }

    /// The timer runs inside `timeout`, so a short timeout shortens the default too.
    private static Duration firstFrameTimeout(Fields spec, Duration timeout) {
        Duration usual = AIModel.DEFAULT_FIRST_FRAME_TIMEOUT;
        Duration fallback = usual.compareTo(timeout) < 0 ? usual : timeout;
        Duration firstFrame = spec.get("firstFrameTimeout", TIMEOUT, fallback);
        if (firstFrame.compareTo(timeout) > 0) {
            String most = "at most timeout, which is " + DurationRange.format(timeout);
            spec.find("firstFrameTimeout")
                    .ifPresent(
                            value ->
                                    value.refuse(
                                            "found "
                                                    + DurationRange.format(firstFrame)
                                                    + "; expected "
                                                    + most));
        }
        return firstFrame;
    }

    private static Limits limits(Fields spec) {
        Fields fields = spec.nested("limits", LIMITS);
        return new Limits(
                fields.get("contextTokens", TOKENS, Limits.DEFAULT.contextTokens()),
                fields.get("outputTokens", TOKENS, Limits.DEFAULT.outputTokens()),
                fields.get("queued", QUEUED, Limits.DEFAULT.queued()));
    }

    private static Access access(Fields spec) {
        List<String> groups = Access.EVERYONE.groups();
        return new Access(spec.nested("access", ACCESS).get("groups", GROUPS, groups));
    }
}
