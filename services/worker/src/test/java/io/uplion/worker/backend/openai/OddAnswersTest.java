// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.Endpoint;
import io.uplion.task.FromWorker.Failure.Kind;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Failed;
import io.uplion.worker.backend.Backend.Trouble;
import io.uplion.worker.backend.Backend.Whole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What providers answer that looks like an answer and is none, or looks like none and is one.
class OddAnswersTest {
    private static final String TEXT = "{\"choices\":[{\"index\":%d,\"text\":\"x\"}]}";
    private static final String FINISH =
            "{\"choices\":[{\"index\":%d,\"text\":\"\",\"finish_reason\":\"%s\"}]}";
    private static ProviderTalk talk;

    @BeforeAll
    static void start() {
        talk = new ProviderTalk();
    }

    @AfterAll
    static void stop() {
        talk.close();
    }

    private static ProviderTalk.Asked stream(String prompt, String... events) {
        var backend = talk.backend(talk.streaming(events), "m", Optional.empty());
        return talk.ask(
                backend,
                Endpoint.COMPLETIONS,
                "{\"model\":\"m\",\"stream\":true,\"prompt\":" + prompt + "}");
    }

    @Test
    void everyPromptOfAStreamMustFinish() {
        var two = "[\"a\",\"b\"]";
        var first =
                new String[] {TEXT.formatted(0), TEXT.formatted(1), FINISH.formatted(0, "stop")};
        stream(two, first).failed(Kind.CUT);
        stream(two, first[0], first[1], first[2], FINISH.formatted(0, "stop")).failed(Kind.CUT);
        assertThat(stream(two, first[0], first[2], FINISH.formatted(1, "length")).last())
                .isEqualTo(new Ended());
    }

    @Test
    void eventMayBeAsLargeAsAnAnswer() {
        var event = "{\"choices\":[{\"index\":0,\"text\":\"" + "y".repeat(99_000) + "\"}]}";
        assertThat(stream("\"a\"", event, FINISH.formatted(0, "stop"), "[DONE]").text())
                .contains(event);

        var larger = event.replace("y\"", "y".repeat(2_000) + "\"");
        assertThat(stream("\"a\"", larger, "[DONE]").failed(Kind.NONSENSE).failure().message())
                .contains("more than 100000 bytes");
    }

    /// A connection that it kept would serve nobody else, and in the end there were none.
    @ParameterizedTest
    @ValueSource(strings = {"{}", "%s"})
    void providerThatDoesNotEndItsStreamKeepsNoConnection(String chunk) {
        var events = "data: " + chunk.formatted(TEXT.formatted(0)) + "\n\ndata: [DONE]\n\n";
        var url = talk.unending(200, "text/event-stream", events);
        var backend = talk.backend(url, "m", Optional.empty(), 1);
        var asked = new ArrayList<ProviderTalk.Asked>();
        for (int i = 0; i < 3; i++) {
            asked.add(
                    talk.ask(
                            backend,
                            Endpoint.COMPLETIONS,
                            "{\"model\":\"m\",\"stream\":true,\"prompt\":\"a\"}"));
            asked.getLast().last();
        }
        assertThat(asked)
                .allMatch(
                        one ->
                                chunk.equals("{}")
                                        ? one.last() instanceof Failed
                                        : one.last().equals(new Ended()));
    }

    /// What it says of itself counts, also where it says it for ever.
    @Test
    void errorWhoseBodyDoesNotEndIsTakenForWhatItIs() {
        var url = talk.unending(429, "application/json", "{\"error\":{\"message\":\"slow");
        var backend = talk.backend(url, "m", Optional.empty(), 1);
        var asked = talk.ask(backend, Endpoint.CHAT, "{\"model\":\"m\",\"messages\":[{}]}");

        assertThat(asked.last())
                .isInstanceOfSatisfying(
                        Trouble.class,
                        trouble -> {
                            assertThat(trouble.status()).isEqualTo(429);
                            assertThat(trouble.reason()).isEqualTo("RateLimited");
                            assertThat(trouble.message()).contains("slow");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\ndata: {\"code\":500,\"message\":\"boom\"}",
                "error: {\"code\":500,\"message\":\"boom\"}",
                "event: error\ndata: boom",
            })
    void errorBetweenChunksIsNoEndOfAnAnswer(String error) {
        var asked = stream("\"a\"", TEXT.formatted(0) + "\n\n" + error, "[DONE]");

        assertThat(asked.failed(Kind.UPSTREAM_ERROR).failure().message()).endsWith(": boom");
        assertThat(asked.text()).isEqualTo(TEXT.formatted(0));
    }

    private static ProviderTalk.Asked whole(Endpoint endpoint, String body) {
        var backend = talk.backend(talk.answering("application/json", body), "m", Optional.empty());
        return talk.ask(
                backend,
                endpoint,
                "{\"model\":\"m\",\"messages\":[{}],\"prompt\":\"x\",\"input\":\"x\"}");
    }

    @Test
    void answerWithoutItsContentIsNonsense() {
        for (var body : List.of("{}", "{\"foo\":1}", "{\"choices\":null}", "{\"data\":[]}")) {
            whole(Endpoint.CHAT, body).failed(Kind.NONSENSE);
            whole(Endpoint.COMPLETIONS, body).failed(Kind.NONSENSE);
        }
        whole(Endpoint.EMBEDDINGS, "{\"choices\":[]}").failed(Kind.NONSENSE);
        assertThat(whole(Endpoint.EMBEDDINGS, "{\"data\":[]}").last()).isInstanceOf(Whole.class);
        assertThat(whole(Endpoint.CHAT, "{\"choices\":[]}").last()).isInstanceOf(Whole.class);
    }

    @Test
    void streamWithoutAChoiceIsNonsenseAndNothingOfItIsPassedOn() {
        var usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}";
        for (var events :
                List.of(
                        List.of("{}", "[DONE]"),
                        List.of("{\"foo\":1}", "{\"choices\":{}}", "[DONE]"),
                        List.of("{\"choices\":[]}", usage, "[DONE]"),
                        List.of("{\"choices\":[]}"),
                        Collections.nCopies(1000, "{\"choices\":[]}"))) {
            var asked = stream("\"a\"", events.toArray(String[]::new));
            asked.failed(Kind.NONSENSE);
            assertThat(asked.all()).hasSize(1);
        }
    }

    @Test
    void whatIsNoAnswerIsPassedOverAndWhatComesBeforeTheFirstChoiceKeepsItsPlace() {
        var filters = "{\"choices\":[],\"prompt_filter_results\":[]}";
        var asked =
                stream(
                        "\"a\"",
                        filters,
                        "{\"foo\":1}",
                        TEXT.formatted(0),
                        "{}",
                        FINISH.formatted(0, "stop"),
                        "[DONE]");
        assertThat(asked.last()).isEqualTo(new Ended());
        assertThat(asked.text().lines())
                .containsExactly(filters, TEXT.formatted(0), FINISH.formatted(0, "stop"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"index\":0,\"te",
                "{\"choices\":[]}x",
                "{\"choices\":[]}\ndata: {\"choices\":[]}",
                "[]",
                "null",
                "nonsense",
                "[DONE] or not",
            })
    void eventThatCannotBeReadLeavesNoHole(String event) {
        var first = stream("\"a\"", event, TEXT.formatted(0), FINISH.formatted(0, "stop"));
        first.failed(Kind.NONSENSE);
        assertThat(first.all()).as("another attempt may still give one").hasSize(1);

        var later =
                stream("\"a\"", TEXT.formatted(0), event, FINISH.formatted(0, "stop"), "[DONE]");
        later.failed(Kind.NONSENSE);
        assertThat(later.text().lines()).containsExactly(TEXT.formatted(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[DONE]", " [DONE] ", "[done]", "[DONE]\t"})
    void whatCarriesNothingLeavesNoHole(String done) {
        var events = ": waiting\n\nevent: ping\n\ndata:\n\ndata:   \n\nid: 7\ndata\n\nretry: 9\n\n";
        var asked =
                stream("\"a\"", TEXT.formatted(0) + "\n\n" + events + "data: " + done, "left over");
        assertThat(asked.last()).isEqualTo(new Ended());
        assertThat(asked.text()).isEqualTo(TEXT.formatted(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "null", "false"})
    void choiceThatGoesOnIsNoWholeAnswer(String reason) {
        var chunk = FINISH.formatted(0, "#").replace("\"#\"", reason);
        stream("\"a\"", TEXT.formatted(0), chunk).failed(Kind.CUT);
    }
}
