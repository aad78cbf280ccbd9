// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Groups in groups are read by recursion, and the client says how many there are.
class NestedPatternsTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String FORMAT =
            "'messages':[{'role':'user','content':'hi'}],'response_format':{'type':'json_schema',"
                    + "'json_schema':{'name':'x','schema':#}}";
    private static final String TOOL =
            "'messages':[{'role':'user','content':'hi'}],'tools':[{'type':'function',"
                    + "'function':{'name':'f','parameters':#}}]";

    private final Conversation simulator = Conversation.quick(VERTX, 4);

    @AfterAll
    static void close() {
        VERTX.close();
    }

    private static String groups(int nested) {
        return "(".repeat(nested) + "a" + ")".repeat(nested);
    }

    private void assertRefused(String body, String pattern, String param) {
        var error = simulator.chat(body.replace("@", pattern)).refused();
        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("code").asText()).isEqualTo("invalid_value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "false | {'type':'string','pattern':'@'}",
                "true  | {'type':'string','pattern':'@'}",
                "false | {'type':'object','patternProperties':{'@':{}},'minProperties':1}",
                "false | {'type':'object','propertyNames':{'pattern':'@'},'minProperties':1}",
                "false | {'type':'string','not':{'pattern':'@'}}",
            })
    void threeThousandAreTheClientsError(boolean stream, String schema) {
        var format = FORMAT.replace("#", schema) + ",'stream':" + stream;
        assertRefused(format, groups(3000), "response_format.json_schema.schema");
        var tool = TOOL.replace("#", schema) + ",'stream':" + stream;
        assertRefused(tool, groups(3000), "tools[0].function.parameters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "^#$|b",
                "(?:x#){2}",
                // To RE2 the bracket would be text, and what follows groups.
                "\\\\Q[\\\\E#]",
                "\\\\\\\\\\\\Q[\\\\E#]",
            })
    void whereverTheyStand(String pattern) {
        var schema = FORMAT.replace("#", "{'type':'string','pattern':'@'}");
        var deep = pattern.replace("#", groups(3000));
        var said = simulator.chat(schema.replace("@", deep));
        assertThat(said.refused().path("param").asText())
                .isEqualTo("response_format.json_schema.schema");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 100})
    void aHundredAreAnswered(int nested) {
        var schema = "{'type':'string','pattern':'^" + groups(nested) + "$'}";
        assertThat(simulator.chat(FORMAT.replace("#", schema)).content()).isEqualTo("\"a\"");
    }

    /// The two depths meet on one stack.
    @ParameterizedTest
    @ValueSource(ints = {100, 160})
    void atTheEndOfADeepSchemaToo(int levels) {
        var schema = "{'type':'string','not':{'pattern':'^" + groups(100) + "$'}}";
        for (int i = 0; i < levels; i++) {
            schema = "{'allOf':[" + schema + "]}";
        }
        assertThat(simulator.chat(FORMAT.replace("#", schema)).content())
                .isEqualTo("\"simulated\"");
    }

    /// Their product is no longer a `long`, and may come out as anything.
    @ParameterizedTest
    @ValueSource(ints = {120, 200, 400})
    void noNumberOfRepetitionsCountsAsFew(int alternatives) {
        var much = "(?:(?:(?:(?:(?:a{9999}){9999}){9999}){9999}){9999}";
        var pattern = much + "|b".repeat(alternatives) + "){9999}";
        assertRefused(
                FORMAT.replace("#", "{'type':'string','pattern':'@'}"),
                pattern,
                "response_format.json_schema.schema");
        var many = "(?:" + (much.substring(3) + "|").repeat(alternatives) + "b){9999}";
        assertRefused(
                FORMAT.replace("#", "{'type':'string','pattern':'@'}"),
                many,
                "response_format.json_schema.schema");
    }
}
