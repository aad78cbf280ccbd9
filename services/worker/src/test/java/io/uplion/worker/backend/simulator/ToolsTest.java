// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ToolsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String ASKED = "'messages':[{'role':'user','content':'Weather?'}]";
    private static final String TOOLS =
            ",'tools':[{'type':'function','function':{'name':'get_weather','parameters':"
                    + "{'type':'object','properties':{'city':{'type':'string'},"
                    + "'days':{'type':'integer','minimum':2}},'required':['city']}}},"
                    + "{'type':'function','function':{'name':'get_time'}}]";
    private static final String ARGUMENTS = "{\"city\":\"simulated\",\"days\":2}";

    private final Conversation simulator = Conversation.quick(VERTX, 64);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void callsTheFirstToolWithArgumentsOfItsSchema() {
        var said = simulator.chat(ASKED + TOOLS);
        var message = said.whole().at("/choices/0/message");
        assertThat(message.path("content").isNull()).isTrue();
        assertThat(message.path("tool_calls")).hasSize(1);
        var call = message.at("/tool_calls/0");
        assertThat(call.path("id").asText()).startsWith("call_");
        assertThat(call.path("type").asText()).isEqualTo("function");
        assertThat(call.at("/function/name").asText()).isEqualTo("get_weather");
        assertThat(call.at("/function/arguments").asText()).isEqualTo(ARGUMENTS);
        assertThat(said.finish()).isEqualTo("tool_calls");
        assertThat(said.whole().at("/usage/completion_tokens").asInt())
                .isEqualTo(Pieces.of(ARGUMENTS).size());
    }

    @Test
    void autoAndRequiredCallItToo() {
        for (var choice : new String[] {"'auto'", "'required'", "null"}) {
            var said = simulator.chat(ASKED + TOOLS + ",'tool_choice':" + choice);
            assertThat(said.finish()).isEqualTo("tool_calls");
        }
    }

    @Test
    void callsTheToolThatIsNamed() {
        var said = simulator.chat(ASKED + TOOLS + named("get_time"));
        var function = said.whole().at("/choices/0/message/tool_calls/0/function");
        assertThat(function.path("name").asText()).isEqualTo("get_time");
        assertThat(function.path("arguments").asText()).isEqualTo("{}");
    }

    @Test
    void callsOneOfTheAllowedTools() {
        var allowed =
                ",'tool_choice':{'type':'allowed_tools','allowed_tools':{'mode':'%s','tools':["
                        + "{'type':'function','function':{'name':'get_time'}}]}}";
        for (var mode : new String[] {"auto", "required"}) {
            var said = simulator.chat(ASKED + TOOLS + allowed.formatted(mode));
            assertThat(said.whole().at("/choices/0/message/tool_calls/0/function/name").asText())
                    .isEqualTo("get_time");
        }
        simulator.chat(ASKED + TOOLS + allowed.formatted("none")).refused();
        simulator.chat(ASKED + TOOLS + ",'tool_choice':{'type':'allowed_tools'}").refused();
        var none = allowed.replace(",'tools':[", ",'tools':{'a':").replace("}]}}", "}}}}");
        simulator.chat(ASKED + TOOLS + none.formatted("auto")).refused();
    }

    @Test
    void noneMeansText() {
        var said = simulator.chat(ASKED + TOOLS + ",'tool_choice':'none'");
        assertThat(said.finish()).isEqualTo("stop");
        assertThat(said.content()).contains("Weather?");
    }

    @Test
    void afterTheToolsAnswerItIsQuoted() {
        var said =
                simulator.chat(
                        "'messages':[{'role':'user','content':'Weather?'},"
                                + "{'role':'assistant','content':null,'tool_calls':[]},"
                                + "{'role':'tool','tool_call_id':'x','content':'22 degrees'}]"
                                + TOOLS);
        assertThat(said.finish()).isEqualTo("stop");
        assertThat(said.content()).contains("The tool answered: “22 degrees”");
    }

    @Test
    void afterTheToolsAnswerAUserMayAskAgain() {
        var said =
                simulator.chat(
                        "'messages':[{'role':'tool','tool_call_id':'x','content':'22'},"
                                + "{'role':'user','content':'And tomorrow?'}]"
                                + TOOLS);
        assertThat(said.finish()).isEqualTo("tool_calls");
    }

    @Test
    void aStreamNamesTheCallThenSendsItsArgumentsInPieces() {
        var chunks = simulator.chat(ASKED + TOOLS + ",'stream':true").chunks();
        var first = chunks.getFirst().at("/choices/0/delta");
        assertThat(first.path("role").asText()).isEqualTo("assistant");
        assertThat(first.path("content").isNull()).isTrue();
        var call = first.at("/tool_calls/0");
        assertThat(call.path("index").asInt()).isZero();
        assertThat(call.path("id").asText()).startsWith("call_");
        assertThat(call.path("type").asText()).isEqualTo("function");
        assertThat(call.at("/function/name").asText()).isEqualTo("get_weather");
        assertThat(call.at("/function/arguments").asText()).isEmpty();

        var arguments = new StringBuilder();
        for (var chunk : chunks.subList(1, chunks.size() - 2)) {
            var part = chunk.at("/choices/0/delta/tool_calls/0");
            assertThat(part.path("index").isInt()).isTrue();
            assertThat(part.has("id")).isFalse();
            arguments.append(part.at("/function/arguments").asText());
        }
        assertThat(arguments).hasToString(ARGUMENTS);
        assertThat(finish(chunks.get(chunks.size() - 2))).isEqualTo("tool_calls");
        assertThat(chunks.getLast().has("usage")).isTrue();
    }

    @Test
    void everyChoiceHasACallOfItsOwn() {
        var calls = simulator.chat(ASKED + TOOLS + ",'n':2").whole().findValues("tool_calls");
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).at("/0/id")).isNotEqualTo(calls.get(1).at("/0/id"));
    }

    @Test
    void maxTokensCutsArgumentsAndStopDoesNot() {
        var cut = simulator.chat(ASKED + TOOLS + ",'max_tokens':2");
        assertThat(cut.finish()).isEqualTo("length");
        var kept = simulator.chat(ASKED + TOOLS + ",'stop':'city'");
        assertThat(kept.finish()).isEqualTo("tool_calls");
    }

    @Test
    void anUnknownToolIsRefused() {
        var error = simulator.chat(ASKED + TOOLS + named("fly")).refused();
        assertThat(error.path("param").asText()).isEqualTo("tool_choice");
        assertThat(error.path("message").asText()).contains("'fly'");
    }

    @Test
    void wrongToolChoicesAreRefused() {
        for (var wrong : new String[] {"'sometimes'", "{}", "{'type':'function'}"}) {
            var error = simulator.chat(ASKED + TOOLS + ",'tool_choice':" + wrong).refused();
            assertThat(error.path("param").asText()).isEqualTo("tool_choice");
        }
        simulator.chat(ASKED + ",'tool_choice':'required'").refused();
        simulator.chat(ASKED + named("get_weather")).refused();
    }

    @Test
    void aToolWithoutAUsableNameIsRefused() {
        var tools = ",'tools':[{'type':'function','function':{'name':'no way'}}]";
        var error = simulator.chat(ASKED + tools).refused();
        assertThat(error.path("param").asText()).isEqualTo("tools[0].function.name");
    }

    @Test
    void aToolWhoseSchemaLeadsNowhereIsRefused() {
        var tools =
                ",'tools':[{'type':'function','function':{'name':'f','parameters':"
                        + "{'$ref':'#/$defs/gone'}}}]";
        var error = simulator.chat(ASKED + tools).refused();
        assertThat(error.path("param").asText()).isEqualTo("tools[0].function.parameters");
        assertThat(error.path("message").asText()).contains("#/$defs/gone");
    }

    private static String named(String function) {
        return ",'tool_choice':{'type':'function','function':{'name':'" + function + "'}}";
    }

    private static String finish(JsonNode chunk) {
        return chunk.at("/choices/0/finish_reason").asText();
    }
}
