// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.worker.backend.Backend.Whole;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ChatTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String HELLO =
            "'messages':[{'role':'user','content':'Hello, how are you?'}]";

    private final Conversation simulator = Conversation.quick(VERTX, 64);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void saysThatItIsASimulatorAndQuotesTheUser() {
        assertThat(simulator.chat(HELLO).content())
                .startsWith("This is UPLION's simulator, no language model.")
                .contains("You wrote: “Hello, how are you?”");
    }

    @Test
    void answersTheSameToTheSame() {
        assertThat(simulator.chat(HELLO).content()).isEqualTo(simulator.chat(HELLO).content());
    }

    @Test
    void looksLikeAnAnswerOfOpenAi() {
        var answer = simulator.chat(HELLO).whole();
        assertThat(answer.path("id").asText()).startsWith("chatcmpl-");
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.path("created").asLong()).isPositive();
        assertThat(answer.path("model").asText()).isEqualTo(Conversation.MODEL);
        assertThat(answer.path("system_fingerprint").asText()).isEqualTo("uplion-simulator");
        assertThat(answer.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void speaksTheTokensOfItsSettingsAndCountsThem() {
        var said = simulator.chat(HELLO);
        var usage = said.whole().path("usage");
        assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(5);
        assertThat(usage.path("completion_tokens").asInt()).isEqualTo(64);
        assertThat(usage.path("total_tokens").asInt()).isEqualTo(69);
        assertThat(Pieces.of(said.content())).hasSize(64);
    }

    @Test
    void whatThePlatformReadsOfItIsItsOwnCount() {
        var whole = (Whole) simulator.chat(HELLO).signals().getFirst();
        var usage = whole.content().orElseThrow().usage().orElseThrow();
        assertThat(usage.input()).isEqualTo(5);
        assertThat(usage.output()).isEqualTo(64);
    }

    @Test
    void maxTokensCutsAndSaysSo() {
        var said = simulator.chat(HELLO + ",'max_tokens':5");
        assertThat(said.content()).isEqualTo("This is UPLION's");
        assertThat(said.finish()).isEqualTo("length");
        assertThat(said.whole().at("/usage/completion_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void maxCompletionTokensCutsToo() {
        var said = simulator.chat(HELLO + ",'max_completion_tokens':2");
        assertThat(said.content()).isEqualTo("This is");
        assertThat(said.finish()).isEqualTo("length");
    }

    @Test
    void maxTokensOnlyLowers() {
        var said = simulator.chat(HELLO + ",'max_tokens':1000000");
        assertThat(said.finish()).isEqualTo("stop");
        assertThat(said.whole().at("/usage/completion_tokens").asInt()).isEqualTo(64);
    }

    @Test
    void maxTokensOfExactlyTheAnswerCutsNothing() {
        assertThat(simulator.chat(HELLO + ",'max_tokens':64").finish()).isEqualTo("stop");
    }

    @Test
    void stopEndsBeforeTheSequence() {
        var said = simulator.chat(HELLO + ",'stop':' language'");
        assertThat(said.content()).isEqualTo("This is UPLION's simulator, no");
        assertThat(said.finish()).isEqualTo("stop");
    }

    @Test
    void stopIsFoundAcrossTokensAndInsideThem() {
        var said = simulator.chat(HELLO + ",'stop':['never said','LION\\u0027s simu']");
        assertThat(said.content()).isEqualTo("This is UP");
        assertThat(said.whole().at("/usage/completion_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void theEarliestStopWinsAndMaxTokensBeforeItToo() {
        var stops = ",'stop':['model','simulator','']";
        assertThat(simulator.chat(HELLO + stops).content()).isEqualTo("This is UPLION's ");
        var cut = simulator.chat(HELLO + stops + ",'max_tokens':3");
        assertThat(cut.content()).isEqualTo("This is UPLION");
        assertThat(cut.finish()).isEqualTo("length");
    }

    @Test
    void tooManyStopsAreRefused() {
        var stops = "'x'" + ",'x'".repeat(16);
        var error = simulator.chat(HELLO + ",'stop':[" + stops + "]").refused();
        assertThat(error.path("param").asText()).isEqualTo("stop");
    }

    @Test
    void aStopThatIsNoStringIsRefused() {
        var error = simulator.chat(HELLO + ",'stop':[1]").refused();
        assertThat(error.path("param").asText()).isEqualTo("stop");
    }

    @Test
    void nChoicesDiffer() {
        var answer = simulator.chat(HELLO + ",'n':3").whole();
        var choices = answer.path("choices");
        assertThat(choices).hasSize(3);
        assertThat(choices.findValuesAsText("index")).containsExactly("0", "1", "2");
        assertThat(choices.findValuesAsText("content")).doesNotHaveDuplicates();
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(3 * 64);
    }

    @Test
    void theMostChoicesAreAnswered() {
        assertThat(simulator.chat(HELLO + ",'n':128").whole().path("choices")).hasSize(128);
    }

    @Test
    void theSameSeedGivesTheSameTextAndAnotherOneAnother() {
        var one = simulator.chat(HELLO + ",'seed':1").content();
        assertThat(simulator.chat(HELLO + ",'seed':1").content()).isEqualTo(one);
        assertThat(simulator.chat(HELLO + ",'seed':2").content()).isNotEqualTo(one);
        assertThat(simulator.chat(HELLO + ",'seed':-9223372036854775808").content()).isNotEmpty();
    }

    @Test
    void partsAreReadAndImagesCounted() {
        var image = "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}";
        var content = "[{'type':'text','text':'What is this?'}," + image + "," + image + "]";
        var said = simulator.chat("'messages':[{'role':'user','content':" + content + "}]");
        assertThat(said.content())
                .contains("You wrote: “What is this?”.")
                .contains("You sent 2 images, which it cannot see.");
    }

    @Test
    void quotesTheLastUserMessageOnly() {
        var said =
                simulator.chat(
                        "'messages':[{'role':'system','content':'Be kind.'},"
                                + "{'role':'user','content':'first'},"
                                + "{'role':'assistant','content':null},"
                                + "{'role':'user','content':'second'}]");
        assertThat(said.content()).contains("“second”").doesNotContain("first", "kind");
    }

    @Test
    void aLongMessageIsQuotedInPart() {
        var simulator = Conversation.quick(VERTX, 400);
        var content = "word \\n\\t ".repeat(100_000);
        var said = simulator.chat("'messages':[{'role':'user','content':'" + content + "'}]");
        var quote = said.content().replaceAll("(?s).*“(.*)”.*", "$1");
        assertThat(quote).hasSizeLessThanOrEqualTo(200).startsWith("word word").endsWith("…");
    }

    @Test
    void halfASurrogatePairDoesNoHarm() {
        var said =
                simulator.chat(
                        "'messages':[{'role':'user','content':'a\\ud83d b \\ud83d\\ude00'}],"
                                + "'stop':'\\ude00'");
        assertThat(said.content()).contains("“a\uFFFD b ");
        assertThat(said.finish()).isEqualTo("stop");
    }

    @Test
    void anUnknownRoleIsRefused() {
        var error = simulator.chat("'messages':[{'role':'king','content':'x'}]").refused();
        assertThat(error.path("param").asText()).isEqualTo("messages[0].role");
        assertThat(error.path("code").asText()).isEqualTo("invalid_value");
    }

    @Test
    void contentOfAnotherKindIsRefused() {
        var error = simulator.chat("'messages':[{'role':'user','content':7}]").refused();
        assertThat(error.path("param").asText()).isEqualTo("messages[0].content");
    }
}
