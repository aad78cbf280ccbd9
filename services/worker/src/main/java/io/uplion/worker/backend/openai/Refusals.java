// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import io.netty.channel.ConnectTimeoutException;
import io.uplion.task.FromWorker.Failure;
import io.uplion.worker.backend.Backend.Failed;
import io.uplion.worker.backend.Backend.Signal;
import io.uplion.worker.backend.Backend.Trouble;
import io.uplion.worker.backend.Backend.Whole;
import io.uplion.worker.network.PinnedHost.AddressException;
import io.vertx.core.http.HttpClientResponse;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// What it means that a provider does not answer as asked, or cannot be asked.
final class Refusals {
    private static final String JSON = "application/json";

    private Refusals() {}

    /// @param body as much of it as came
    static Signal signal(HttpClientResponse response, byte[] body) {
        int status = response.statusCode();
        ErrorBody error = ErrorBody.read(body);
        String said = error.message().isEmpty() ? "" : ": " + error.message();
        return switch (ProviderStatus.of(status, error.name())) {
            case CLIENT -> new Whole(status, JSON, error.toJson(status), Optional.empty());
            case POOL ->
                    new Trouble(
                            status,
                            ProviderStatus.reason(status, error.name()),
                            RetryAfter.read(
                                    response.getHeader("retry-after-ms"),
                                    response.getHeader("retry-after"),
                                    Instant.now()),
                            "the provider answered " + status + said);
            case ATTEMPT, SUCCESS ->
                    new Failed(
                            new Failure(
                                    Failure.Kind.UPSTREAM_ERROR,
                                    "the provider answered " + status + said,
                                    Optional.of(status)));
        };
    }

    static Signal misconfigured(String message) {
        return new Trouble(0, "ConfigurationError", Optional.empty(), message);
    }

    static Signal unreachable(Throwable failure) {
        Throwable cause = failure.getCause() instanceof AddressException e ? e : failure;
        if (cause instanceof AddressException address && address.isForbidden()) {
            return misconfigured(String.valueOf(address.getMessage()));
        }
        return new Failed(
                Failure.of(
                        Failure.Kind.UNREACHABLE,
                        "the provider cannot be reached: " + words(cause)));
    }

    /// A client reads this: where the provider is stays among us.
    private static String words(Throwable cause) {
        return switch (cause) {
            case AddressException address -> String.valueOf(address.getMessage());
            case ConnectTimeoutException _ -> "it did not take the connection in time";
            case ConnectException _ -> "it refuses connections";
            case SSLException _ -> "no TLS connection can be made";
            case NoRouteToHostException _ -> "there is no way to it";
            default -> "no connection can be made";
        };
    }
}
