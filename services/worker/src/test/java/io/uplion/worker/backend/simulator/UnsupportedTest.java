// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsupportedTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String ASKED = "'messages':[{'role':'user','content':'Weather?'}],";
    private static final String FUNCTIONS = "'functions':[{'name':'get_weather'}]";

    private final Conversation simulator = Conversation.quick(VERTX, 64);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void probabilitiesAreRefused() {
        for (var stream : new boolean[] {true, false}) {
            var asked = "'logprobs':true,'top_logprobs':2,'stream':" + stream;
            var error = simulator.chat(ASKED + asked).refused();
            assertThat(error.path("param").asText()).isEqualTo("logprobs");
        }
        var error = simulator.complete("'prompt':'x','logprobs':0").refused();
        assertThat(error.path("param").asText()).isEqualTo("logprobs");
    }

    @Test
    void functionsOfOldAreRefused() {
        var error = simulator.chat(ASKED + FUNCTIONS).refused();
        assertThat(error.path("param").asText()).isEqualTo("functions");
        assertThat(error.path("message").asText()).contains("'tools'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'auto'", "{'name':'get_weather'}"})
    void callOfAFunctionIsRefused(String call) {
        var error = simulator.chat(ASKED + "'function_call':" + call).refused();
        assertThat(error.path("param").asText()).isEqualTo("function_call");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'logprobs':false",
                "'logprobs':null",
                "'functions':[]",
                "'functions':null,'function_call':null",
                "'function_call':'none'"
            })
    void whatAsksForNoneOfItIsAnswered(String nothing) {
        assertThat(simulator.chat(ASKED + nothing).finish()).isEqualTo("stop");
        assertThat(simulator.complete("'prompt':'x','logprobs':null").whole().path("choices"))
                .hasSize(1);
    }
}
