// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Providers that refuse the pool itself: its key, its credit, its rate. Their pools rest.
class PoolTroubleE2E {
    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start();
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static int asked(String model) {
        return platform.provider().served(model).size();
    }

    @ParameterizedTest
    @CsvSource({"401, 503", "402, 503", "403, 503", "404, 503", "429, 429"})
    void poolsTroubleIsToldAtOnceAndNobodyAsksWhileItRests(int upstream, int status) {
        var model = "pool-trouble-" + upstream;
        api.model(model, "status=" + upstream + ";retry-after=600", "");
        var code = status == 429 ? "rate_limit_exceeded" : "model_unavailable";
        for (int i = 0; i < 3; i++) {
            var answer = api.chat(model, "");
            Api.assertError(answer, status, code);
            assertThat(Integer.parseInt(answer.header("retry-after"))).isBetween(1, 600);
        }
        assertThat(asked(model)).as("nobody asks while the pool rests").isEqualTo(1);
        assertThat(api.deadLetters()).noneMatch(letter -> letter.contains(model));
    }

    @ParameterizedTest
    @ValueSource(ints = {402, 429})
    void admissionReopensAfterTheRest(int upstream) {
        var model = "reopens-" + upstream;
        api.model(model, "status=" + upstream + ";retry-after=1", "");
        assertThat(api.chat(model, "").status()).isNotEqualTo(200);
        platform.provider().script(model, "tokens=2");
        Await.until(
                "admission reopens",
                Duration.ofSeconds(30),
                () -> api.chat(model, "").status() == 200);
    }

    /// Whether it is well again one request finds out, not all that waited.
    @Test
    void poolIsProbedWithOneRequest() throws InterruptedException {
        api.model("probed", "status=402;retry-after=1", "");
        assertThat(api.chat("probed", "").status()).isEqualTo(503);
        platform.provider().script("probed", "tokens=1");
        platform.provider().hold("probed");
        var statuses = new ConcurrentLinkedQueue<Integer>();
        List<Thread> clients =
                IntStream.range(0, 5)
                        .mapToObj(
                                _ ->
                                        Thread.ofVirtual()
                                                .start(() -> statuses.add(untilAdmitted("probed"))))
                        .toList();
        platform.provider().awaitInFlight(1, Duration.ofSeconds(30));
        Await.until(
                "the others wait",
                Duration.ofSeconds(30),
                () -> api.metric("uplion_gateway_requests_open") == 5);

        assertThat(platform.provider().inFlight()).isEqualTo(1);
        platform.provider().release("probed");
        for (Thread client : clients) {
            client.join();
        }
        assertThat(statuses).hasSize(5).containsOnly(200);
    }

    private static int untilAdmitted(String model) {
        int status;
        do {
            status = api.chat(model, "").status();
        } while (status == 503);
        return status;
    }

    @Test
    void manyTroublesAtOnceDoNotMakeTheRestLonger() throws InterruptedException {
        api.model("burst", "status=429;slow-headers=300ms", "");
        List<Thread> clients =
                IntStream.range(0, 16)
                        .mapToObj(_ -> Thread.ofVirtual().start(() -> api.chat("burst", "")))
                        .toList();
        for (Thread client : clients) {
            client.join();
        }
        platform.provider().script("burst", "tokens=1");
        Await.until(
                "the pool is back after its first rest",
                Duration.ofSeconds(20),
                () -> api.chat("burst", "").status() == 200);
    }

    @Test
    void secondPoolOfTheModelTakesOver() {
        platform.provider().script("sick", "status=401;retry-after=60");
        platform.provider().script("sound", "tokens=3");
        for (String pool : List.of("sick", "sound")) {
            platform.write("over-" + pool + ".yaml", pool(pool, pool, "  model: over\n"));
        }
        api.awaitModel("over");
        Await.until("both pools are there", Duration.ofSeconds(15), () -> slots("over") == 64);
        for (int i = 0; i < 6; i++) {
            var answer = api.chat("over", "");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
        assertThat(asked("sick")).as("the sick pool rests after its first trouble").isEqualTo(1);
    }

    @Test
    void thirdPoolDoesNotRestForATaskThatFoundTroubleThreeTimes() {
        for (String pool : List.of("a", "b", "c")) {
            platform.provider().script("three-" + pool, "status=403;retry-after=60");
            platform.write(
                    "three-" + pool + ".yaml",
                    pool("three-" + pool, "three-" + pool, "  model: three\n"));
        }
        api.awaitModel("three");
        Await.until("three pools are there", Duration.ofSeconds(15), () -> slots("three") == 96);
        var first = api.chat("three", "");
        Api.assertError(first, 503, "model_unavailable");
        var asked = List.of("a", "b", "c").stream().mapToInt(p -> asked("three-" + p)).sum();
        assertThat(asked).isEqualTo(3);
        List.of("a", "b", "c").forEach(p -> platform.provider().script("three-" + p, "tokens=2"));
        assertThat(api.chat("three", "").status()).as("one pool still works").isEqualTo(200);
    }

    private static double slots(String model) {
        return api.metric("uplion_worker_slots", "model=\"" + model + "\"");
    }

    private static String pool(String name, String upstream, String more) {
        return Platform.manifest(name, platform.provider().baseUrl(), more)
                .replace("provider: openai,", "provider: openai, model: " + upstream + ",");
    }
}
