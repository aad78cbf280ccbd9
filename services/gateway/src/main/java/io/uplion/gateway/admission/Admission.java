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
import org.jspecify.annotations.Nullable;

/// Reads what a request asks for and refuses what cannot be done, before anything is queued.
public final class Admission {
    private final Catalog catalog;
    private final FullQueues queues;
    private final Clock clock;
    private final Duration startBy;

    public Admission(Catalog catalog, FullQueues queues, Clock clock, Duration startBy) {
        this.catalog = catalog;
        this.queues = queues;
        this.clock = clock;
        this.startBy = startBy;
    }

    public sealed interface Result {}

    /// @param patience how long the task may wait for a worker
    public record Admitted(RequestHead head, ServedModel model, Duration patience)
            implements Result {}

    /// @param model empty where it was refused without one of ours
    public record Refused(OpenAiError error, String model) implements Result {
        Refused(OpenAiError error) {
            this(error, "");
        }
    }

    /// @param timeout the header `x-uplion-timeout` as it came
    public Result admit(
            Principal principal, Endpoint endpoint, byte[] body, @Nullable String timeout) {
        return switch (RequestHead.parse(endpoint, body)) {
            case RequestHead.Refused(OpenAiError error) -> new Refused(error);
            case RequestHead.Parsed(RequestHead head) -> admit(principal, head, body, timeout);
        };
    }

    private Result admit(
            Principal principal, RequestHead head, byte[] body, @Nullable String timeout) {
        ServedModel model = catalog.find(head.model());
        if (model == null) {
            return new Refused(notFound(head.model()));
        }
        Optional<OpenAiError> refusal = refusal(principal, head, model);
        if (refusal.isPresent()) {
            return new Refused(refusal.get(), model.model());
        }
        Duration patience;
        try {
            patience = wait(timeout);
        } catch (IllegalArgumentException e) {
            return new Refused(badTimeout(e.getMessage()), model.model());
        }
        // Last: a place that was promised is taken by it.
        return queues.refusal(principal, head, model, body)
                .<Result>map(error -> new Refused(error, model.model()))
                .orElseGet(() -> new Admitted(head, model, patience));
    }

    private static OpenAiError badTimeout(@Nullable String why) {
        return ErrorCode.INVALID_VALUE.error(
                "The header x-uplion-timeout " + why + ".", "x-uplion-timeout");
    }

    public static OpenAiError notFound(String model) {
        return ErrorCode.MODEL_NOT_FOUND.error(
                "The model '" + model + "' does not exist. GET /v1/models lists those that do.",
                "model");
    }

    private Optional<OpenAiError> refusal(
            Principal principal, RequestHead head, ServedModel model) {
        if (!mayUse(principal, model)) {
            return Optional.of(
                    ErrorCode.MODEL_NOT_ALLOWED.error(
                            "This key may not use the model '" + head.model() + "'.", "model"));
        }
        if (!model.serves(head.endpoint())) {
            String what = "' does not serve " + head.endpoint().id() + ".";
            return Optional.of(
                    ErrorCode.ENDPOINT_NOT_SUPPORTED.error(
                            "The model '" + head.model() + what, "model"));
        }
        Instant now = clock.instant();
        return model.outage(head.endpoint(), now).map(status -> outage(model.model(), status, now));
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
