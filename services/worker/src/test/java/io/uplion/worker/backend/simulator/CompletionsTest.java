// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CompletionsTest {
    private static final Vertx VERTX = Vertx.vertx();

    private final Conversation simulator = Conversation.quick(VERTX, 40);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void completesAPrompt() {
        var answer = simulator.complete("'prompt':'Once upon a time'").whole();
        assertThat(answer.path("id").asText()).startsWith("cmpl-");
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asText())
                .startsWith("This is UPLION's simulator")
                .contains("“Once upon a time”");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(40);
    }

    @Test
    void streamsText() {
        var said = simulator.complete("'prompt':'x','stream':true,'max_tokens':3");
        assertThat(said.text(0)).isEqualTo("This is UPLION");
        var chunks = said.chunks();
        assertThat(chunks).hasSize(3 + 1 + 1);
        assertThat(chunks).allMatch(c -> c.path("object").asText().equals("text_completion"));
        assertThat(chunks.get(3).at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(chunks.get(4).at("/usage/completion_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void echoesThePromptWithoutCountingIt() {
        var asked = "'prompt':['One','Two'],'echo':true,'max_tokens':2";
        var answer = simulator.complete(asked).whole();
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("OneThis is");
        assertThat(answer.at("/choices/1/text").asText()).isEqualTo("TwoThis is");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(4);
        var streamed = simulator.complete(asked + ",'stream':true");
        assertThat(streamed.text(0)).isEqualTo("OneThis is");
        assertThat(
                        simulator
                                .complete("'prompt':'One','echo':true,'max_tokens':0")
                                .whole()
                                .at("/choices/0/text")
                                .asText())
                .isEqualTo("One");
    }

    @Test
    void whatCannotBeEchoedIsRefused() {
        for (var prompt : new String[] {"[1,2]", "'" + "x".repeat(70_000) + "'"}) {
            var error = simulator.complete("'prompt':" + prompt + ",'echo':true").refused();
            assertThat(error.path("param").asText()).isEqualTo("echo");
        }
    }

    @Test
    void everyPromptHasItsChoices() {
        var answer = simulator.complete("'prompt':['one','two'],'n':2").whole();
        assertThat(answer.path("choices")).hasSize(4);
        assertThat(answer.at("/choices/1/text").asText()).contains("“one”");
        assertThat(answer.at("/choices/2/text").asText()).contains("“two”");
        assertThat(answer.at("/choices/3/index").asInt()).isEqualTo(3);
    }

    @Test
    void tokenIdsAreAPromptToo() {
        var one = simulator.complete("'prompt':[11,22,33]").whole();
        assertThat(one.path("choices")).hasSize(1);
        assertThat(one.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
        var two = simulator.complete("'prompt':[[11],[22,33]]").whole();
        assertThat(two.path("choices")).hasSize(2);
        assertThat(two.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void noTokensMayBeAskedFor() {
        var answer = simulator.complete("'prompt':'x','max_tokens':0").whole();
        assertThat(answer.at("/choices/0/text").asText()).isEmpty();
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(simulator.complete("'prompt':'x','max_tokens':0,'stream':true").chunks())
                .hasSize(2);
    }

    @Test
    void tooManyChoicesOfPromptsAreRefused() {
        var prompts = "'x'" + ",'x'".repeat(64);
        var error = simulator.complete("'prompt':[" + prompts + "],'n':2").refused();
        assertThat(error.path("param").asText()).isEqualTo("prompt");
    }

    @Test
    void aPromptOfAnotherKindIsRefused() {
        var error = simulator.complete("'prompt':['x',{}]").refused();
        assertThat(error.path("param").asText()).isEqualTo("prompt[1]");
    }
}
