// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromWorker;
import io.uplion.task.FromWorker.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/// One message of each kind.
final class Samples {
    static final Claim CLAIM =
            new Claim(
                    UUID.randomUUID(),
                    2,
                    UUID.randomUUID(),
                    UUID.randomUUID(),
                    Optional.of(UUID.randomUUID()),
                    "gpt-4o-mini",
                    Endpoint.CHAT,
                    "pool-a",
                    new Price(150, 75, 600, 700, 800, 900),
                    OptionalLong.of(123_456_789_012L),
                    "sig-na_ture");

    /// What may be said without ending the stream.
    static final List<FromGateway> GATEWAY =
            List.of(
                    new FromGateway.Go(1, new byte[0]),
                    new FromGateway.Go(3, "{}".getBytes(StandardCharsets.UTF_8)),
                    new FromGateway.Committed(2, CLAIM),
                    new FromGateway.Pace(true),
                    new FromGateway.Pace(false));

    static final List<FromGateway> LAST_WORDS =
            List.of(
                    FromGateway.Done.FORGET,
                    new FromGateway.Done(Optional.empty(), true),
                    new FromGateway.Done(
                            Optional.of(
                                    new FromGateway.Letter(
                                            Map.of("user-agent", "curl", "accept", "*/*"),
                                            "{}".getBytes(StandardCharsets.UTF_8),
                                            "the provider said 500")),
                            false),
                    new FromGateway.Later(Duration.ofMillis(1250)),
                    new FromGateway.Cancel(Cancel.Reason.CLIENT_GONE),
                    new FromGateway.Cancel(Cancel.Reason.KEY_REVOKED));

    static final List<FromWorker> WORKER =
            List.of(
                    event("a"),
                    new FromWorker.Accounts(),
                    new FromWorker.Answer(
                            404, "application/json", "{}".getBytes(StandardCharsets.UTF_8)),
                    new FromWorker.PoolTrouble(
                            429, "RateLimited", Instant.parse("2030-01-02T03:04:05.006Z"), "slow"),
                    new FromWorker.Failed(
                            new Failure(Failure.Kind.UPSTREAM_ERROR, "it broke", Optional.of(502))),
                    new FromWorker.Failed(Failure.of(Failure.Kind.TIMEOUT, "")),
                    new FromWorker.End(TokenUsage.of(3, 4)));

    private Samples() {}

    static FromWorker event(String data) {
        return new FromWorker.Event(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8), 1);
    }

    /// What events say.
    static List<String> texts(List<FromWorker> events) {
        return events.stream()
                .map(FromWorker.Event.class::cast)
                .map(event -> new String(event.frame(), StandardCharsets.UTF_8))
                .toList();
    }

    static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
