// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ResponseFormatTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String ASKED = "'messages':[{'role':'user','content':'A list'}]";
    private static final String SCHEMA =
            ",'response_format':{'type':'json_schema','json_schema':{'name':'list','strict':true,"
                    + "'schema':{'type':'object','properties':{'items':{'type':'array',"
                    + "'items':{'type':'string'},'minItems':2}},'required':['items'],"
                    + "'additionalProperties':false}}}";
    private static final String INSTANCE = "{\"items\":[\"simulated\",\"simulated 1\"]}";

    private final Conversation simulator = Conversation.quick(VERTX, 4);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void answersAnInstanceOfTheSchemaHoweverShortItsTextsAre() {
        var said = simulator.chat(ASKED + SCHEMA);
        assertThat(said.content()).isEqualTo(INSTANCE);
        assertThat(said.finish()).isEqualTo("stop");
        assertThat(said.whole().at("/usage/completion_tokens").asInt())
                .isEqualTo(Pieces.of(INSTANCE).size());
    }

    @Test
    void streamsIt() {
        assertThat(simulator.chat(ASKED + SCHEMA + ",'stream':true").text(0)).isEqualTo(INSTANCE);
    }

    @Test
    void maxTokensCutsItAndSaysSo() {
        var said = simulator.chat(ASKED + SCHEMA + ",'max_tokens':3");
        assertThat(said.content()).isEqualTo("{\"items");
        assertThat(said.finish()).isEqualTo("length");
    }

    @Test
    void jsonObjectIsASmallObject() {
        var said = simulator.chat(ASKED + ",'response_format':{'type':'json_object'}");
        var object = Conversation.json(said.content().getBytes(StandardCharsets.UTF_8));
        assertThat(object.path("answer").asText()).contains("simulator");
        assertThat(object.path("quote").asText()).isEqualTo("A list");
    }

    @Test
    void textIsText() {
        var said = simulator.chat(ASKED + ",'response_format':{'type':'text'}");
        assertThat(said.content()).isEqualTo("This is UPLION…");
    }

    @Test
    void unknownFormatsAreRefused() {
        var error = simulator.chat(ASKED + ",'response_format':{'type':'xml'}").refused();
        assertThat(error.path("param").asText()).isEqualTo("response_format.type");
        simulator.chat(ASKED + ",'response_format':{'type':'json_schema'}").refused();
    }

    @Test
    void aSchemaThatAllowsNothingIsRefused() {
        var error =
                simulator
                        .chat(
                                ASKED
                                        + ",'response_format':{'type':'json_schema',"
                                        + "'json_schema':{'schema':false}}")
                        .refused();
        assertThat(error.path("param").asText()).isEqualTo("response_format.json_schema.schema");
    }
}
