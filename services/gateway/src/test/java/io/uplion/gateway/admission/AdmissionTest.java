// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.catalog.live.LiveCatalog;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.gateway.FakeQueue;
import io.uplion.openai.Endpoint;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.platform.identity.Principal;
import io.uplion.platform.identity.Principal.Role;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration START_BY = Duration.ofMinutes(10);

    private final LiveCatalog catalog = new LiveCatalog(CLOCK);
    private final FakeQueue queue = new FakeQueue("m");
    private final Admission admission =
            new Admission(
                    catalog,
                    new FullQueues(
                            new FullQueues.Waiting() {
                                @Override
                                public int all(String model) {
                                    return queue.depth(model).waiting();
                                }

                                @Override
                                public int of(String model, UUID owner) {
                                    return queue.depth(model).waiting();
                                }
                            },
                            new DrainRates(() -> 0, _ -> Share.ALONE),
                            new PromisedPlaces(() -> 0)),
                    CLOCK,
                    START_BY);

    AdmissionTest() {
        catalog.put(pool("a", "m", 10, List.of()), PoolStatus.RUNNING);
    }

    private static AIModel pool(String name, String model, int queued, List<String> groups) {
        return new AIModel(
                name,
                model,
                Serving.Simulator.DEFAULT,
                Set.of(Endpoint.CHAT),
                4,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(4),
                AIModel.Price.FREE,
                new AIModel.Limits(0, 0, queued),
                new AIModel.Access(groups));
    }

    private static Principal principal(Set<Role> roles, Set<String> groups, Set<String> models) {
        return new Principal(
                new UUID(1, 1), new UUID(2, 2), Optional.empty(), roles, groups, models);
    }

    private static final Principal MEMBER = principal(Set.of(Role.MEMBER), Set.of(), Set.of());

    private Admission.Result admit(Principal principal, String model, @Nullable String timeout) {
        var body = "{\"model\":\"%s\",\"messages\":[{}]}".formatted(model);
        return admission.admit(
                principal, Endpoint.CHAT, body.getBytes(StandardCharsets.UTF_8), timeout);
    }

    private OpenAiError refusal(Principal principal, String model) {
        var result = admit(principal, model, null);
        assertThat(result).isInstanceOf(Admission.Refused.class);
        return ((Admission.Refused) result).error();
    }

    private OpenAiError refusal() {
        return refusal(MEMBER, "m");
    }

    private Duration patience(@Nullable String timeout) {
        var result = admit(MEMBER, "m", timeout);
        assertThat(result).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) result).patience();
    }

    @Test
    void requestForAModelThatRunsIsAdmitted() {
        assertThat(admit(MEMBER, "m", null))
                .isInstanceOfSatisfying(
                        Admission.Admitted.class,
                        admitted -> {
                            assertThat(admitted.head().model()).isEqualTo("m");
                            assertThat(admitted.model()).isEqualTo(catalog.find("m"));
                            assertThat(admitted.patience()).isEqualTo(START_BY);
                        });
    }

    @Test
    void badBodyIsRefusedFirst() {
        var result = admission.admit(MEMBER, Endpoint.CHAT, new byte[] {'['}, "nonsense");

        assertThat(((Admission.Refused) result).error().code()).isEqualTo(ErrorCode.INVALID_BODY);
    }

    @Test
    void unknownModelIs404() {
        var error = refusal(MEMBER, "n");

        assertThat(error.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
        assertThat(error.status()).isEqualTo(404);
        assertThat(error.param()).isEqualTo("model");
        assertThat(error.message()).contains("'n'");
    }

    @Test
    void keyIsHeldToItsModels() {
        assertThat(refusal(principal(Set.of(), Set.of(), Set.of("other")), "m").code())
                .isEqualTo(ErrorCode.MODEL_NOT_ALLOWED);
        assertThat(admit(principal(Set.of(), Set.of(), Set.of("m", "o")), "m", null))
                .isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void modelIsHeldToItsGroups() {
        catalog.put(pool("b", "staff-only", 10, List.of("staff", "lab")), PoolStatus.RUNNING);

        assertThat(refusal(MEMBER, "staff-only").status()).isEqualTo(403);
        assertThat(admit(principal(Set.of(), Set.of("lab"), Set.of()), "staff-only", null))
                .isInstanceOf(Admission.Admitted.class);
        assertThat(admit(principal(Set.of(Role.OWNER), Set.of(), Set.of()), "staff-only", null))
                .isInstanceOf(Admission.Admitted.class);
        assertThat(
                        refusal(principal(Set.of(Role.OWNER), Set.of(), Set.of("m")), "staff-only")
                                .status())
                .as("a key's own list holds for owners too")
                .isEqualTo(403);
    }

    @Test
    void endpointThatTheModelDoesNotServeIsRefused() {
        var body = "{\"model\":\"m\",\"input\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        var result = admission.admit(MEMBER, Endpoint.EMBEDDINGS, body, null);

        assertThat(((Admission.Refused) result).error().code())
                .isEqualTo(ErrorCode.ENDPOINT_NOT_SUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({"429,PROVIDER_RATE_LIMITED,429", "401,MODEL_UNAVAILABLE,503"})
    void outageIsAnsweredWithTheTimeOfItsEnd(int upstream, ErrorCode code, int status) {
        catalog.status(
                "a",
                new PoolStatus(
                        PoolStatus.State.FAILED,
                        "Why",
                        "the provider said so",
                        upstream,
                        Optional.of(NOW.plusMillis(12_300))));

        var error = refusal();
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.retryAfterMillis()).isEqualTo(12_300);
        assertThat(error.retryAfterSeconds()).isEqualTo(13);
        assertThat(error.message()).contains("Why").doesNotContain("said so");
    }

    @Test
    void restThatIsOverAdmitsAgain() {
        catalog.status(
                "a",
                new PoolStatus(
                        PoolStatus.State.FAILED, "Why", "", 429, Optional.of(NOW.minusMillis(1))));

        assertThat(patience(null)).isEqualTo(START_BY);
    }

    @Test
    void brokenManifestHasNoRetryAfter() {
        catalog.status("a", PoolStatus.failed("ConfigurationError", "no such key"));

        assertThat(refusal().retryAfterMillis()).isEqualTo(OpenAiError.NO_RETRY_AFTER);
    }

    @Test
    void fullQueueIsRefusedWithARetryAfter() {
        queue.waiting(9);
        assertThat(patience(null)).isEqualTo(START_BY);
        queue.waiting(10);

        var error = refusal();
        assertThat(error.code()).isEqualTo(ErrorCode.QUEUE_FULL);
        assertThat(error.retryAfterMillis()).isEqualTo(5000);
        catalog.put(pool("b", "m", 20, List.of()), PoolStatus.RUNNING);
        assertThat(patience(null)).as("the largest limit of the pools").isEqualTo(START_BY);
    }

    @ParameterizedTest
    @CsvSource({"30,30", "250ms,0.25", "' 5s ',5", "2m,120", "1h,600", "999999999999h,600"})
    void patienceIsWhatTheClientAsksForUpToTheLimit(String header, String seconds) {
        assertThat(patience(header))
                .isEqualTo(Duration.ofMillis((long) (Double.parseDouble(seconds) * 1000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "0", "0ms", "-5", "1.5s", "5 days", "99999999999999"})
    void patienceThatIsNoTimeIsRefused(String header) {
        queue.waiting(10);
        var result = admit(MEMBER, "m", header);

        assertThat(result)
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> {
                            assertThat(refused.error().code()).isEqualTo(ErrorCode.INVALID_VALUE);
                            assertThat(refused.error().param()).isEqualTo("x-uplion-timeout");
                        });
    }
}
