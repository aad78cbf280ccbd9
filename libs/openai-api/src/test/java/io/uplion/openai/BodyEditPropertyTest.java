// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever else a body holds, in whatever order and spacing: only the model and the question for
/// usage change.
class BodyEditPropertyTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void editedBodySaysTheSameButForTheEdit(
            @ForAll("objects") ObjectNode others,
            @ForAll("models") String model,
            @ForAll("models") String upstream,
            @ForAll("streamFields") Map<String, JsonNode> streaming,
            @ForAll boolean pretty,
            @ForAll boolean ascii,
            @ForAll long seed)
            throws IOException {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        others.properties().forEach(field -> fields.put("x_" + field.getKey(), field.getValue()));
        fields.putAll(streaming);
        fields.put("model", NODES.textNode(model));
        fields.put(
                "messages",
                NODES.arrayNode().add(NODES.objectNode().set("content", others.deepCopy())));

        Edited.assertEdit(write(shuffled(fields, seed), pretty, ascii), upstream);
    }

    private static ObjectNode shuffled(Map<String, JsonNode> fields, long seed) {
        List<String> names = new ArrayList<>(fields.keySet());
        Collections.shuffle(names, new Random(seed));
        var body = NODES.objectNode();
        names.forEach(name -> body.set(name, fields.get(name)));
        return body;
    }

    private static String write(ObjectNode body, boolean pretty, boolean ascii) throws IOException {
        var writer = pretty ? MAPPER.writer(new DefaultPrettyPrinter()) : MAPPER.writer();
        return (ascii ? writer.with(JsonWriteFeature.ESCAPE_NON_ASCII) : writer)
                .writeValueAsString(body);
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.strings()
                .withChars("ab-/:.\"\\ \n\té模\u0001")
                .ofMinLength(1)
                .ofMaxLength(20)
                .filter(name -> !name.isBlank());
    }

    @Provide
    Arbitrary<Map<String, JsonNode>> streamFields() {
        var flags = Arbitraries.of(NODES.booleanNode(true), NODES.booleanNode(false));
        var usage = Arbitraries.of(NODES.booleanNode(true), NODES.booleanNode(false));
        var options =
                Combinators.combine(usage.injectNull(0.4), objects())
                        .as(
                                (include, more) -> {
                                    var object = NODES.objectNode();
                                    more.properties()
                                            .forEach(
                                                    f ->
                                                            object.set(
                                                                    "y_" + f.getKey(),
                                                                    f.getValue()));
                                    if (include != null) {
                                        object.set("include_usage", include);
                                    }
                                    return (JsonNode) object;
                                })
                        .injectNull(0.3);
        return Combinators.combine(flags.injectNull(0.1), options)
                .as(
                        (stream, option) -> {
                            Map<String, JsonNode> fields = new LinkedHashMap<>();
                            if (stream != null) {
                                fields.put("stream", stream);
                            }
                            if (option != null) {
                                fields.put("stream_options", option);
                            }
                            return fields;
                        });
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        return Arbitraries.maps(names(), values(2)).ofMaxSize(4).map(BodyEditPropertyTest::object);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.strings().withChars("a\"\\é模 \n").ofMaxLength(5);
    }

    private static ObjectNode object(Map<String, JsonNode> fields) {
        var object = NODES.objectNode();
        object.setAll(fields);
        return object;
    }

    private static Arbitrary<JsonNode> values(int depth) {
        Arbitrary<JsonNode> scalars =
                Arbitraries.oneOf(
                        Arbitraries.of(NODES.nullNode(), NODES.booleanNode(true)),
                        Arbitraries.longs().map(NODES::numberNode),
                        Arbitraries.strings()
                                .withChars("xyz\"\\{}[]:,é模 \n")
                                .ofMaxLength(12)
                                .map(NODES::textNode));
        if (depth == 0) {
            return scalars;
        }
        return Arbitraries.oneOf(
                scalars,
                values(depth - 1)
                        .list()
                        .ofMaxSize(3)
                        .map(items -> (JsonNode) NODES.arrayNode().addAll(items)),
                Arbitraries.maps(names(), values(depth - 1))
                        .ofMaxSize(3)
                        .map(fields -> (JsonNode) object(fields)));
    }
}
