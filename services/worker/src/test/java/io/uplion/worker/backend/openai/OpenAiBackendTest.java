// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving.Provider;
import io.uplion.catalog.Serving.Remote;
import io.uplion.openai.Endpoint;
import io.uplion.openai.RequestHead;
import io.uplion.openai.TokenUsage;
import io.uplion.task.FromWorker.Failure.Kind;
import io.uplion.testing.provider.Ending;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.wait.Await;
import io.uplion.worker.backend.Backend.Chunk;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Request;
import io.uplion.worker.backend.Backend.Signal;
import io.uplion.worker.backend.Backend.Trouble;
import io.uplion.worker.backend.Backend.Whole;
import io.uplion.worker.network.AllowedNetworks;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What each way of a provider becomes.
class OpenAiBackendTest {
    private static FakeProvider provider;
    private static ProviderTalk talk;

    @BeforeAll
    static void start() {
        provider = FakeProvider.start();
        talk = new ProviderTalk();
    }

    @AfterAll
    static void stop() {
        talk.close();
        provider.close();
    }

    private static String chat(boolean stream) {
        return "{\"model\":\"ours\",\"messages\":[{\"role\":\"user\",\"content\":\"one two\"}],"
                + "\"stream\":"
                + stream
                + "}";
    }

    private static ProviderTalk.Asked ask(String script, boolean stream) {
        var backend = talk.backend(provider.baseUrl(), "fake;" + script, Optional.empty());
        return talk.ask(backend, Endpoint.CHAT, chat(stream));
    }

    @Test
    void wholeAnswerPassesAsItIs() {
        var whole = (Whole) ask("tokens=3", false).last();

        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.contentType()).isEqualTo("application/json");
        assertThat(whole.content().orElseThrow().usage()).contains(TokenUsage.of(2, 3));
        var served = provider.served("fake;tokens=3").getLast();
        assertThat(served.received().body().toString())
                .contains("\"model\":\"fake;tokens=3\"")
                .doesNotContain("ours");
    }

    @Test
    void streamComesChunkByChunkAndIsAskedForUsage() {
        var asked = ask("tokens=4", true);

        assertThat(asked.last()).isEqualTo(new Ended());
        assertThat(asked.text()).contains("t0", "t1", "t2", "t3").doesNotContain("[DONE]");
        assertThat(
                        asked.all().stream()
                                .filter(Chunk.class::isInstance)
                                .map(chunk -> ((Chunk) chunk).content())
                                .filter(content -> content.usage().isPresent())
                                .map(content -> content.usage().get()))
                .containsExactly(TokenUsage.of(2, 4));
        assertThat(provider.served("fake;tokens=4").getLast().received().body().toString())
                .contains("\"include_usage\":true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokens=4;crlf",
                "tokens=4;comments",
                "tokens=4;utf8;split",
                "tokens=4;burst",
                "tokens=4;no-done",
                "tokens=4;empty-choices",
                "tokens=4;no-usage",
                "huge=300KB",
            })
    void oddButWholeStreamsEnd(String script) {
        assertThat(ask(script, true).last()).isEqualTo(new Ended());
    }

    @ParameterizedTest
    @CsvSource({
        "status=400,400",
        "status=413,413",
        "status=422,422",
        "status=418,418",
        "policy,400",
        "status=403;code=content_policy_violation,403",
    })
    void clientsErrorIsTheAnswer(String script, int status) {
        for (boolean stream : new boolean[] {true, false}) {
            assertThat(ask(script, stream).last())
                    .isInstanceOfSatisfying(
                            Whole.class,
                            whole -> {
                                assertThat(whole.status()).isEqualTo(status);
                                assertThat(whole.content()).isEmpty();
                                assertThat(new String(whole.body(), StandardCharsets.UTF_8))
                                        .contains("\"param\":", "\"code\":", "\"type\":");
                            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status=401,401,AuthenticationError",
        "status=402,402,QuotaExceeded",
        "status=403,403,AuthenticationError",
        "status=404,404,ConfigurationError",
        "status=429,429,RateLimited",
        "status=429;code=insufficient_quota,429,QuotaExceeded",
    })
    void refusalOfThePoolIsTrouble(String script, int status, String reason) {
        for (boolean stream : new boolean[] {true, false}) {
            assertThat(ask(script, stream).last())
                    .isInstanceOfSatisfying(
                            Trouble.class,
                            trouble -> {
                                assertThat(trouble.status()).isEqualTo(status);
                                assertThat(trouble.reason()).isEqualTo(reason);
                                assertThat(trouble.retryAfter()).isEmpty();
                            });
        }
    }

    @Test
    void providersTimeIsRead() {
        assertThat(((Trouble) ask("status=429;retry-after=7", false).last()).retryAfter())
                .contains(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @CsvSource({
        "status=500,UPSTREAM_ERROR",
        "status=503,UPSTREAM_ERROR",
        "status=408,UPSTREAM_ERROR",
        "status=409,UPSTREAM_ERROR",
        "redirect,UPSTREAM_ERROR",
        "redirect=302,UPSTREAM_ERROR",
        "nonsense,NONSENSE",
        "not-json,NONSENSE",
        "cut=0,CUT",
        "cut,CUT",
        "hang-up=0,CUT",
    })
    void failedAttemptIsAFailure(String script, Kind kind) {
        for (boolean stream : new boolean[] {true, false}) {
            var asked = ask(script, stream);
            asked.failed(kind);
            assertThat(asked.all()).hasSize(1);
        }
    }

    @Test
    void redirectsAreNotFollowed() {
        ask("redirect", false).failed(Kind.UPSTREAM_ERROR);

        assertThat(provider.served()).noneMatch(served -> served.path().contains("redirected"));
    }

    @ParameterizedTest
    @CsvSource({
        "tokens=8;cut=3,CUT",
        "tokens=8;hang-up=3,CUT",
        "tokens=8;close=3,CUT",
        "tokens=8;stream-error=3,UPSTREAM_ERROR",
        "tokens=8;malformed=3,NONSENSE",
    })
    void streamThatBreaksIsAFailureBehindItsChunks(String script, Kind kind) {
        var asked = ask(script, true);
        asked.failed(kind);

        assertThat(asked.text()).contains("t0");
    }

    @ParameterizedTest
    @CsvSource({"error-first,UPSTREAM_ERROR", "close=0,NONSENSE", "malformed=1,NONSENSE"})
    void streamThatNeverBeginsIsAFailureAlone(String script, Kind kind) {
        var asked = ask(script, true);
        asked.failed(kind);

        assertThat(asked.all()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "tokens=8;cut=3,CUT",
        "tokens=8;hang-up=3,CUT",
        "malformed=2,NONSENSE",
        "stream-error=2,UPSTREAM_ERROR",
        "huge=200KB,NONSENSE",
    })
    void wholeAnswerThatBreaksIsAFailure(String script, Kind kind) {
        ask(script, false).failed(kind);
    }

    @Test
    void nobodyListeningIsUnreachable() {
        var backend = talk.backend("http://127.0.0.1:1/v1", "m", Optional.empty());

        talk.ask(backend, Endpoint.CHAT, chat(true)).failed(Kind.UNREACHABLE);
    }

    @Test
    void hostWithoutAnAddressIsUnreachable() {
        var backend = talk.backend("http://no-such-host.invalid/v1", "m", Optional.empty());

        talk.ask(backend, Endpoint.CHAT, chat(false)).failed(Kind.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://169.254.169.254/v1", "http://10.0.0.1/v1", "http://[fe80::1]/v1"})
    void forbiddenAddressIsTheOperatorsAffair(String url) {
        var asked = talk.ask(talk.backend(url, "m", Optional.empty()), Endpoint.CHAT, chat(false));

        assertThat(asked.last())
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> {
                            assertThat(trouble.reason()).isEqualTo("ConfigurationError");
                            assertThat(trouble.message())
                                    .contains("UPLION_WORKER_ALLOWED_NETWORKS");
                        });
    }

    @Test
    void keyIsSent() {
        var backend =
                talk.backend(
                        provider.baseUrl(), "fake;key=sk-good;tokens=1", Optional.of("sk-good"));

        assertThat(talk.ask(backend, Endpoint.CHAT, chat(false)).last()).isInstanceOf(Whole.class);
    }

    @Test
    void keyThatIsNotThereIsTheOperatorsAffair() {
        var remote =
                new Remote(
                        Provider.OPENAI,
                        URI.create(provider.baseUrl()),
                        "m",
                        Optional.of(new SecretSource.Env("MISSING")));
        var backend =
                new OpenAiBackend(
                        talk.vertx,
                        remote,
                        Optional::empty,
                        talk.config(AllowedNetworks.LOOPBACK),
                        talk.memory,
                        4);

        assertThat(talk.ask(backend, Endpoint.CHAT, chat(false)).last())
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> assertThat(trouble.reason()).isEqualTo("ConfigurationError"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "sk-\u0000", "sk-\u2013dash"})
    void keyThatCannotBeSentIsTheOperatorsAffair(String key) {
        var asked =
                talk.ask(
                        talk.backend(provider.baseUrl(), "fake", Optional.of(key)),
                        Endpoint.CHAT,
                        chat(false));

        assertThat(asked.last())
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> {
                            assertThat(trouble.reason()).isEqualTo("ConfigurationError");
                            assertThat(trouble.message()).doesNotContain(key);
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 131_000, 131_072, 5_000_000})
    void bodyOfAnySizeArrivesAsItIs(int bytes) {
        var text = "é".repeat(bytes / 2);
        var received = new CompletableFuture<String>();
        var server =
                talk.vertx
                        .createHttpServer()
                        .requestHandler(
                                request ->
                                        request.body()
                                                .onSuccess(
                                                        body -> {
                                                            received.complete(body.toString());
                                                            request.response()
                                                                    .end("{\"choices\":[]}");
                                                        }));
        int port = server.listen(0, "127.0.0.1").await().actualPort();
        var backend = talk.backend("http://127.0.0.1:" + port + "/v1", "up", Optional.empty());
        var body = "{\"model\":\"ours\",\"messages\":[{\"content\":\"" + text + "\"}]}";

        assertThat(talk.ask(backend, Endpoint.CHAT, body).last()).isInstanceOf(Whole.class);
        assertThat(received.join()).isEqualTo(body.replace("ours", "up"));
    }

    @Test
    void cancelledStreamIsAbortedAndSilent() {
        provider.forget();
        var asked = ask("tokens=1000;interval=10ms", true);
        Await.until("the stream has begun", ProviderTalk.LIMIT, () -> asked.signals.size() >= 3);

        var cancelled = new CompletableFuture<Integer>();
        talk.vertx.runOnContext(
                _ -> {
                    asked.call.join().cancel();
                    cancelled.complete(asked.signals.size());
                });
        int before = cancelled.join();
        var served = provider.awaitServed(1, Duration.ofSeconds(20));

        assertThat(served.getLast().ending()).isEqualTo(Ending.CLIENT_GONE);
        assertThat(asked.signals.size()).isBetween(before, before + 1);
        assertThat(asked.signals).allMatch(Chunk.class::isInstance);
    }

    /// The provider says the model's name in its error, and here the key is the name.
    @Test
    void keyThatAProviderRepeatsIsTakenOutOfItsWords() {
        var model = "fake;status=404";
        var backend = talk.backend(provider.baseUrl(), model, Optional.of(model));

        var trouble = (Trouble) talk.ask(backend, Endpoint.CHAT, chat(true)).last();

        assertThat(trouble.message()).contains("[REDACTED]").doesNotContain(model);
    }

    @Test
    void callThatIsCancelledAtOnceAsksNobody() {
        provider.forget();
        var backend = talk.backend(provider.baseUrl(), "fake", Optional.empty());
        var body = chat(true).getBytes(StandardCharsets.UTF_8);
        var head = ((RequestHead.Parsed) RequestHead.parse(Endpoint.CHAT, body)).head();
        var signals = new CopyOnWriteArrayList<Signal>();
        var done = new CompletableFuture<Void>();
        talk.vertx.runOnContext(
                _ -> {
                    backend.start(new Request(head, body), signals::add).cancel();
                    done.complete(null);
                });
        done.join();
        talk.ask(backend, Endpoint.CHAT, chat(false)).last();

        assertThat(provider.served()).hasSize(1);
        assertThat(signals).isEmpty();
    }

    @Test
    void otherEndpointsHaveTheirPaths() {
        var backend = talk.backend(provider.baseUrl(), "fake", Optional.empty());
        talk.ask(backend, Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"x\"}").last();
        assertThat(provider.served().getLast().path()).isEqualTo("/v1/embeddings");

        talk.ask(backend, Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"x\"}").last();
        assertThat(provider.served().getLast().path()).isEqualTo("/v1/completions");
    }
}
