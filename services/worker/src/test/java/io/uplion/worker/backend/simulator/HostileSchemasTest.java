// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.uplion.openai.Endpoint;
import io.uplion.openai.RequestHead;
import io.uplion.worker.backend.Backend.Ended;
import io.uplion.worker.backend.Backend.Request;
import io.uplion.worker.backend.Backend.Whole;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a client sends where the simulator reads a schema, the end of it is an answer or a
/// refusal: what fails is tried again, and then a dead letter.
class HostileSchemasTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int INPUTS = 1500;
    private static final int MOST_CHANGES = 6;
    private static final List<String> KEYWORDS =
            List.of(
                    ("type enum const not allOf anyOf oneOf if then else $ref $defs pattern"
                                    + " properties patternProperties additionalProperties required"
                                    + " propertyNames items prefixItems additionalItems contains minContains"
                                    + " maxContains minItems maxItems uniqueItems minProperties maxProperties"
                                    + " minimum maximum multipleOf exclusiveMinimum exclusiveMaximum minLength"
                                    + " maxLength format dependentRequired dependentSchemas dependencies"
                                    + " $dynamicRef name function parameters schema json_schema mode tools")
                            .split(" "));

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "-1",
                    "1e308",
                    "1e-320",
                    "1e999",
                    "9223372036854775807",
                    "-9223372036854775808",
                    "9".repeat(900),
                    "''",
                    "'string'",
                    "'object'",
                    "'array'",
                    "'integer'",
                    "['null','number','miracle']",
                    "[]",
                    "{}",
                    "'#'",
                    "'#/'",
                    "'#/$defs/a'",
                    "'#/$defs/a/allOf/0'",
                    "'#%'",
                    "'#" + "/a".repeat(20_000) + "'",
                    "'" + "(".repeat(3000) + "a" + ")".repeat(3000) + "'",
                    "'" + "(".repeat(9000) + "'",
                    "'" + "(?:".repeat(100) + "a" + ")*".repeat(100) + "'",
                    "'" + "\\\\".repeat(9999) + "'",
                    "'" + "a|".repeat(9000) + "'",
                    "'" + "(a|b|ab)*".repeat(900) + "'",
                    "'((a{999}){999}){999}'",
                    "'[' ",
                    "'a{2}{3}'",
                    "'\\ud800'",
                    "'\\u0000'",
                    "'^[^\\\\s\\\\S]$'",
                    "'x'",
                    "'" + "long".repeat(3000) + "'");

    /// What may stand around a value, as often as a body's depth allows.
    private static final List<String> AROUND =
            List.of(
                    "[@]",
                    "{'a':@}",
                    "{'allOf':[@]}",
                    "{'anyOf':[@]}",
                    "{'oneOf':[@,false]}",
                    "{'not':@}",
                    "{'not':{'not':@}}",
                    "{'if':@,'then':@}",
                    "{'items':@,'minItems':1}",
                    "{'prefixItems':[@]}",
                    "{'contains':@}",
                    "{'properties':{'a':@},'required':['a']}",
                    "{'patternProperties':{'a':@},'minProperties':1}",
                    "{'additionalProperties':@}",
                    "{'propertyNames':@}",
                    "{'dependentSchemas':{'a':@},'required':['a']}",
                    "{'const':@}",
                    "{'enum':[@]}");

    private static final List<String> SCHEMAS =
            List.of(
                    "{'type':'object','properties':{'a':{'type':'string','pattern':'^a+$'},'b':{"
                            + "'type':'array','items':{'type':'integer','minimum':3},'minItems':2,"
                            + "'uniqueItems':true}},'required':['a','b']}",
                    "{'$ref':'#/$defs/a','$defs':{'a':{'allOf':[{'$ref':'#/$defs/b'},{'properties':"
                            + "{'x':{'$ref':'#/$defs/a'}}}]},'b':{'type':'object','minProperties':"
                            + "2,'patternProperties':{'^x[0-9]$':{'type':'number'}}}}}",
                    "{'anyOf':[{'oneOf':[{'type':'string','not':{'const':'simulated'}},{'type':"
                            + "'number','multipleOf':0.5}]},{'if':{'type':'array'},'then':{"
                            + "'contains':{'enum':[1,'a',null]}},'else':{'type':'null'}}]}");

    private static final List<String> CHOICES =
            List.of(
                    "'auto'",
                    "{'type':'function','function':{'name':'f'}}",
                    "{'type':'allowed_tools','allowed_tools':{'mode':'auto','tools':["
                            + "{'type':'function','function':{'name':'f'}}]}}");

    private final Conversation simulator = Conversation.quick(VERTX, 2);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    private static JsonNode json(String text) {
        return Conversation.json(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode body(Random random) {
        var body = (ObjectNode) json("{'model':'x','messages':[{'role':'user','content':'hi'}]}");
        var schema = json(SCHEMAS.get(random.nextInt(SCHEMAS.size())));
        if (random.nextBoolean()) {
            body.set("response_format", json("{'type':'json_schema','json_schema':{'name':'x'}}"));
            ((ObjectNode) body.at("/response_format/json_schema")).set("schema", schema);
        } else {
            body.set("tools", json("[{'type':'function','function':{'name':'f'}}]"));
            ((ObjectNode) body.at("/tools/0/function")).set("parameters", schema);
            body.set("tool_choice", json(CHOICES.get(random.nextInt(CHOICES.size()))));
        }
        return body;
    }

    private static void change(ObjectNode body, Random random) {
        var places = new ArrayList<ContainerNode<?>>();
        for (var field : List.of("response_format", "tools", "tool_choice")) {
            collect(body.path(field), places);
        }
        if (places.isEmpty()) {
            return;
        }
        switch (places.get(random.nextInt(places.size()))) {
            case ObjectNode object -> {
                var names = new ArrayList<>(KEYWORDS);
                object.fieldNames().forEachRemaining(names::add);
                var known = KEYWORDS.size();
                var at = random.nextBoolean() && names.size() > known ? known : 0;
                var name = names.get(at + random.nextInt(names.size() - at));
                if (random.nextInt(8) == 0) {
                    object.remove(name);
                } else {
                    object.set(name, other(object.path(name), places, random));
                }
            }
            case ArrayNode array -> {
                var at = random.nextInt(array.size() + 1);
                array.insert(at, other(array.path(Math.max(0, at - 1)), places, random));
            }
            default -> throw new AssertionError();
        }
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> places) {
        // Deeper down nothing new is to be had, and a test has a stack too.
        if (node instanceof ContainerNode<?> container && places.size() < 300) {
            places.add(container);
            node.forEach(child -> collect(child, places));
        }
    }

    private static JsonNode other(JsonNode before, List<ContainerNode<?>> places, Random random) {
        var copy =
                switch (random.nextInt(3)) {
                    case 0 -> before.isMissingNode() ? NODES.objectNode() : before.deepCopy();
                    case 1 -> places.get(random.nextInt(places.size())).deepCopy();
                    default -> json(VALUES.get(random.nextInt(VALUES.size())));
                };
        return random.nextInt(3) > 0 ? copy : wrapped(copy, random);
    }

    private static JsonNode wrapped(JsonNode inner, Random random) {
        var around = AROUND.get(random.nextInt(AROUND.size()));
        var twice = around.indexOf('@') != around.lastIndexOf('@');
        var times = 1 + random.nextInt(twice ? 6 : random.nextBoolean() ? 20 : 240);
        try {
            var text = Conversation.JSON.writeValueAsString(inner);
            for (var i = 0; i < times && text.length() < 200_000; i++) {
                text = around.replace('\'', '"').replace("@", text);
            }
            return Conversation.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            // Deeper than JSON may be.
            return inner;
        }
    }

    /// Nothing where it is deeper than JSON may be.
    private static byte[] bytes(JsonNode body) {
        try {
            return Conversation.JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            return new byte[0];
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void areAnsweredOrRefused(long seed) {
        var random = new Random(seed);
        var answered = 0;
        var refused = 0;
        for (int i = 0; i < INPUTS; i++) {
            var body = body(random);
            for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
                change(body, random);
            }
            body.put("stream", random.nextInt(8) == 0);
            var bytes = bytes(body);
            if (RequestHead.parse(Endpoint.CHAT, bytes) instanceof RequestHead.Parsed parsed) {
                var last = simulator.ask(new Request(parsed.head(), bytes)).signals().getLast();
                assertThat(last).as("input %s", i).isInstanceOfAny(Whole.class, Ended.class);
                var ok = !(last instanceof Whole whole) || whole.status() == 200;
                answered += ok ? 1 : 0;
                refused += ok ? 0 : 1;
            }
        }
        assertThat(answered).isGreaterThan(INPUTS / 10);
        assertThat(refused).isGreaterThan(INPUTS / 10);
    }
}
