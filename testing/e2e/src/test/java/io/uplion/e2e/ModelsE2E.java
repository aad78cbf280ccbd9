// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.NewKey;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.platform.Platform;
import io.uplion.testing.wait.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Models that come, change and go while the platform runs, and who may use them.
class ModelsE2E {
    /// Three seconds are promised, on a machine that may be five times slower.
    private static final Duration EFFECT = Duration.ofSeconds(15);

    private static Platform platform;
    private static Api api;

    @BeforeAll
    static void start() {
        platform = Platform.start(Map.of("UPLION_WORKER_DRAIN", "1s"));
        api = new Api(platform);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static void remove(String file) throws IOException {
        Files.delete(platform.models().resolve(file));
    }

    private static String manifest(String name, String upstream, String more) {
        return Platform.manifest(name, platform.provider().baseUrl(), more)
                .replace("provider: openai,", "provider: openai, model: " + upstream + ",");
    }

    @Test
    void manifestIsAddedChangedAndRemoved() throws IOException {
        platform.provider().script("before", "echo");
        platform.provider().script("after", "tokens=2");
        platform.write("changing.yaml", manifest("changing", "before", ""));
        Await.until("it is listed", EFFECT, () -> api.modelIds().contains("changing"));
        assertThat(api.chat("changing", "").body()).contains("Say it.");
        platform.write("changing.yaml", manifest("changing", "after", ""));
        Await.until(
                "it is changed", EFFECT, () -> api.chat("changing", "").body().contains("t0 t1"));
        remove("changing.yaml");
        Await.until("it is gone", EFFECT, () -> !api.modelIds().contains("changing"));
        Api.assertError(api.chat("changing", ""), 404, "model_not_found");
    }

    /// Pools of one model share its topic; a task is left to those that serve its endpoint.
    @Test
    void poolIsNotAskedWhatItDoesNotServe() {
        platform.provider().script("talks", "tokens=2");
        platform.provider().script("embeds", "dims=4");
        platform.write(
                "talks.yaml", manifest("talks", "talks", "  model: both\n  endpoints: [chat]\n"));
        platform.write(
                "embeds.yaml",
                manifest("embeds", "embeds", "  model: both\n  endpoints: [embeddings]\n"));
        api.awaitModel("both");
        var embed = "{\"model\":\"both\",\"input\":\"x\"}";
        Await.until(
                "both pools are there",
                EFFECT,
                () ->
                        api.post("/v1/embeddings", embed, Map.of()).status() == 200
                                && api.chat("both", "").status() == 200);

        for (int i = 0; i < 6; i++) {
            assertThat(api.post("/v1/embeddings", embed, Map.of()).status()).isEqualTo(200);
            assertThat(api.chat("both", "").status()).isEqualTo(200);
        }
        assertThat(platform.provider().served("talks"))
                .allMatch(served -> served.received().path().endsWith("/chat/completions"));
        assertThat(platform.provider().served("embeds"))
                .allMatch(served -> served.received().path().endsWith("/embeddings"));
    }

    @Test
    void badFileIsNamedAndTheOthersGoOn() throws IOException {
        try (var log = new LogCapture()) {
            platform.write("bad.yaml", manifest("bad", "x", "  concurrency: many\n"));
            platform.write("worse.yaml", "spec: [\n");
            platform.write("good.yaml", manifest("good", "fake", ""));
            Files.createSymbolicLink(
                    platform.models().resolve("lost.yaml"), Path.of("nowhere.yaml"));
            Await.until("the good one is listed", EFFECT, () -> api.modelIds().contains("good"));
            log.assertSays("ERROR", "bad.yaml", "spec.concurrency", "line=\"7\"");
            log.assertSays("ERROR", "worse.yaml");
            log.assertSays("ERROR", "lost.yaml");
            assertThat(api.modelIds()).doesNotContain("bad");
            int told = told(log);
            platform.write("good.yaml", manifest("good", "fake", "  concurrency: 2\n"));
            Await.until(
                    "the good one is changed",
                    EFFECT,
                    () -> api.metric("uplion_worker_slots", "pool=\"good\"") == 2);
            assertThat(told(log)).as("the same error is told once").isEqualTo(told);
        }
        for (String file : new String[] {"bad.yaml", "worse.yaml", "good.yaml", "lost.yaml"}) {
            remove(file);
        }
    }

    private static int told(LogCapture log) {
        return (int) log.lines().stream().filter(line -> line.contains("bad.yaml")).count();
    }

    @Test
    void twoManifestsWithOneNameAreAnErrorAndTheFirstHolds() throws IOException {
        try (var log = new LogCapture()) {
            platform.write("1-twin.yaml", manifest("twin", "fake", ""));
            api.awaitModel("twin");
            platform.write("2-twin.yaml", manifest("twin", "other", ""));
            Await.until(
                    "it is told",
                    EFFECT,
                    () -> log.lines().stream().anyMatch(line -> line.contains("2-twin.yaml")));
            log.assertSays("2-twin.yaml", "metadata.name", "1-twin.yaml");
            assertThat(api.chat("twin", "").status()).isEqualTo(200);
            assertThat(platform.provider().served("other")).isEmpty();
        }
        remove("1-twin.yaml");
        remove("2-twin.yaml");
    }

    /// The name of the later file comes first: that must not matter.
    @Test
    void manifestThatComesLaterTakesNothingOver() throws IOException {
        platform.provider().script("late", "tokens=2");
        try (var log = new LogCapture()) {
            platform.write("b-first.yaml", manifest("first", "fake", ""));
            api.awaitModel("first");
            platform.write("a-late.yaml", manifest("first", "late", ""));
            Await.until(
                    "it is told",
                    EFFECT,
                    () -> log.lines().stream().anyMatch(line -> line.contains("a-late.yaml")));
            log.assertSays("ERROR", "a-late.yaml", "line=\"3\"", "b-first.yaml");
            assertThat(api.chat("first", "").status()).isEqualTo(200);
            assertThat(platform.provider().served("late")).isEmpty();
        }
        remove("b-first.yaml");
        Await.until(
                "the other one has its turn",
                EFFECT,
                () ->
                        api.chat("first", "").status() == 200
                                && !platform.provider().served("late").isEmpty());
        remove("a-late.yaml");
    }

    @Test
    void emptyManifestIsSaidToBeOne() throws IOException {
        try (var log = new LogCapture()) {
            platform.write("empty.yaml", "");
            Await.until(
                    "it is told",
                    EFFECT,
                    () -> log.lines().stream().anyMatch(line -> line.contains("empty.yaml")));
            log.assertSays("WARN", "there is no manifest in empty.yaml");
        }
        remove("empty.yaml");
    }

    @Test
    void removedModelFinishesWhatRunsAndAnswersWhoWaits() throws IOException {
        api.model("leaving", "tokens=30;interval=100ms", "  concurrency: 1\n");
        try (SseClient running = api.stream("leaving", "");
                RawHttp waiting = api.connect()) {
            running.next();
            waiting.post(Api.CHAT, Api.chatBody("leaving", ""), platform.headers());
            Await.until(
                    "one waits",
                    EFFECT,
                    () -> api.metric("uplion_queue_tasks", "leaving", "waiting") == 1);
            remove("leaving.yaml");
            RawResponse told = waiting.readResponse();
            Api.assertError(told, 503, "model_removed");
            assertThat(Api.text(running.data())).endsWith("t28 t29");
            assertThat(running.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void changedModelDoesNotBreakWhatRunsLongerThanADrain() {
        api.model("edited", "tokens=30;interval=100ms", "");
        try (SseClient running = api.stream("edited", "")) {
            running.next();
            platform.write(
                    "edited.yaml",
                    Platform.manifest(
                            "edited", platform.provider().baseUrl(), "  concurrency: 3\n"));
            assertThat(Api.text(running.data())).endsWith("t28 t29");
            assertThat(running.end()).isEqualTo(BodyEnd.COMPLETE);
        }
    }

    @Test
    void exchangedPoolKeepsWhatWaits() throws IOException {
        platform.provider().script("exchange", "silent-after=1");
        platform.write(
                "old.yaml",
                manifest("old-pool", "exchange", "  model: exchange\n  concurrency: 1\n"));
        api.awaitModel("exchange");
        try (SseClient running = api.stream("exchange", "");
                RawHttp waiting = api.connect()) {
            running.next();
            platform.provider().script("exchange", "tokens=2");
            waiting.post(Api.CHAT, Api.chatBody("exchange", ""), platform.headers());
            Await.until(
                    "one waits",
                    EFFECT,
                    () -> api.metric("uplion_queue_tasks", "exchange", "waiting") == 1);
            platform.write("old.yaml", manifest("new-pool", "exchange", "  model: exchange\n"));
            assertThat(waiting.readResponse().status()).isEqualTo(200);
        }
        remove("old.yaml");
    }

    @Test
    void keyMayBeLimitedToModels() {
        var key = key("admin@localhost", Set.of("fake"));
        assertThat(chat(key, "fake").status()).isEqualTo(200);
        var refused = chat(key, "simulator");
        assertThat(Api.assertError(refused, 403, "model_not_allowed").path("param").asText())
                .isEqualTo("model");
        var listed = asking(key, "/v1/models");
        assertThat(Api.json(listed.body()).path("data").findValuesAsText("id"))
                .containsExactly("fake");
        Api.assertError(asking(key, "/v1/models/simulator"), 404, "model_not_found");
    }

    @Test
    void groupsDecideWhoSeesAModel() {
        platform.write(
                "staff.yaml", manifest("staff-only", "fake", "  access: {groups: [staff]}\n"));
        api.awaitModel("staff-only");
        assertThat(api.chat("staff-only", "").status()).as("owners see all").isEqualTo(200);
        var student = member("student@example.org", "students");
        var staff = member("staff@example.org", "staff");
        Api.assertError(chat(student, "staff-only"), 403, "model_not_allowed");
        assertThat(asking(student, "/v1/models").body())
                .contains("fake")
                .doesNotContain("staff-only");
        assertThat(chat(staff, "staff-only").status()).isEqualTo(200);
        assertThat(asking(staff, "/v1/models").body()).contains("staff-only");
    }

    private static String member(String email, String group) {
        database(
                database -> {
                    new Users(database, Clock.systemUTC()).createAdmin(email, "Somebody");
                    return database.jdbi()
                            .withHandle(
                                    handle ->
                                            handle.execute(
                                                    "UPDATE users SET roles = '{MEMBER}',"
                                                            + " groups = ARRAY[?] WHERE email = ?",
                                                    group,
                                                    email));
                });
        return key(email, Set.of());
    }

    private static String key(String email, Set<String> models) {
        return platform.createKey(new NewKey("test", email, models, Optional.empty()));
    }

    private static <T> T database(Function<Database, T> work) {
        var config = EmbeddedDatabase.attach(platform.data()).orElseThrow();
        try (var database = Database.open(config)) {
            return work.apply(database);
        }
    }

    private static RawResponse chat(String key, String model) {
        return api.post(
                Api.CHAT, Api.chatBody(model, ""), Map.of("authorization", "Bearer " + key));
    }

    private static RawResponse asking(String key, String path) {
        try (var http = api.connect()) {
            return http.send(
                            "GET "
                                    + path
                                    + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
                                    + key
                                    + "\r\n\r\n")
                    .readResponse();
        }
    }
}
