// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import io.uplion.catalog.live.Catalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.openai.Endpoint;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.RequestHead;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.settings.Amounts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Reads what a request asks for and refuses what cannot be done, before anything is queued.
public final class Admission {
    private final Catalog catalog;
    private final ToIntFunction<String> queued;
    private final DrainRates rates;
    private final Clock clock;
    private final Duration startBy;

    /// @param queued how many tasks wait for a model
    public Admission(
            Catalog catalog,
            ToIntFunction<String> queued,
            DrainRates rates,
            Clock clock,
            Duration startBy) {
        this.catalog = catalog;
        this.queued = queued;
        this.rates = rates;
        this.clock = clock;
        this.startBy = startBy;
    }

    public sealed interface Result {}

    /// @param patience how long the task may wait for a worker
    public record Admitted(RequestHead head, ServedModel model, Duration patience)
            implements Result {}

    public record Refused(OpenAiError error) implements Result {}

    /// @param timeout the header `x-uplion-timeout` as it came
    public Result admit(
            Principal principal, Endpoint endpoint, byte[] body, @Nullable String timeout) {
        return switch (RequestHead.parse(endpoint, body)) {
            case RequestHead.Refused(OpenAiError error) -> new Refused(error);
            case RequestHead.Parsed(RequestHead head) -> admit(principal, head, timeout);
        };
    }

    private Result admit(Principal principal, RequestHead head, @Nullable String timeout) {
        ServedModel model = catalog.find(head.model());
        if (model == null) {
            return new Refused(notFound(head.model()));
        }
        OpenAiError refusal = refusal(principal, head, model);
        if (refusal != null) {
            return new Refused(refusal);
        }
        try {
            return new Admitted(head, model, wait(timeout));
        } catch (IllegalArgumentException e) {
            return new Refused(
                    ErrorCode.INVALID_VALUE.error(
                            "The header x-uplion-timeout " + e.getMessage() + ".",
                            "x-uplion-timeout"));
        }
    }

    public static OpenAiError notFound(String model) {
        return ErrorCode.MODEL_NOT_FOUND.error(
                "The model '" + model + "' does not exist. GET /v1/models lists those that do.",
                "model");
    }

    private @Nullable OpenAiError refusal(
            Principal principal, RequestHead head, ServedModel model) {
        if (!mayUse(principal, model)) {
            return ErrorCode.MODEL_NOT_ALLOWED.error(
                    "This key may not use the model '" + head.model() + "'.", "model");
        }
        if (!model.serves(head.endpoint())) {
            return ErrorCode.ENDPOINT_NOT_SUPPORTED.error(
                    "The model '" + head.model() + "' does not serve " + head.endpoint().id() + ".",
                    "model");
        }
        Optional<PoolStatus> outage = model.outage(clock.instant());
        if (outage.isPresent()) {
            return outage(model.model(), outage.get(), clock.instant());
        }
        return queueFull(model);
    }

    public static boolean mayUse(Principal principal, ServedModel model) {
        boolean keyAllows =
                principal.models().isEmpty() || principal.models().contains(model.model());
        return keyAllows
                && (model.isOpenTo(principal.groups())
                        || principal.roles().contains(Principal.Role.OWNER));
    }

    /// No pool of the model can work: says so, with the time at which one may.
    public static OpenAiError outage(String model, PoolStatus status, Instant now) {
        boolean limited = status.upstreamStatus() == 429;
        ErrorCode code = limited ? ErrorCode.PROVIDER_RATE_LIMITED : ErrorCode.MODEL_UNAVAILABLE;
        String why = status.reason().isEmpty() ? "" : " (" + status.reason() + ")";
        String what =
                limited
                        ? "The provider of the model '" + model + "' limits our requests"
                        : "The model '" + model + "' cannot serve now";
        OpenAiError error = code.error(what + why + ".", "model");
        return status.retryAt()
                .map(at -> error.retryAfter(Duration.between(now, at)))
                .orElse(error);
    }

    private @Nullable OpenAiError queueFull(ServedModel model) {
        int waiting = queued.applyAsInt(model.model());
        if (waiting < model.queuedLimit()) {
            return null;
        }
        return ErrorCode.QUEUE_FULL
                .error(
                        "The queue of the model '"
                                + model.model()
                                + "' is full ("
                                + waiting
                                + " waiting).")
                .retryAfter(rates.untilFewer(model.model(), waiting, model.queuedLimit()));
    }

    private Duration wait(@Nullable String timeout) {
        if (timeout == null) {
            return startBy;
        }
        Duration asked = Amounts.duration(timeout.strip());
        if (!asked.isPositive()) {
            throw new IllegalArgumentException("must be longer than zero");
        }
        return asked.compareTo(startBy) < 0 ? asked : startBy;
    }
}
