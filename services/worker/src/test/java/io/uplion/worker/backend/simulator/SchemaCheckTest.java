// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a validator that has been tried by many.
class SchemaCheckTest {
    private static final JsonSchemaFactory SCHEMAS =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "1",
                    "1.0",
                    "2.5",
                    "-7",
                    "''",
                    "'a'",
                    "'abc'",
                    "'x1'",
                    "'\\ud83d\\ude00'",
                    "[]",
                    "[1]",
                    "[1,1]",
                    "[1,'a',null]",
                    "['a','b','c']",
                    "[[1],[1]]",
                    "{}",
                    "{'a':1}",
                    "{'a':'x','b':2}",
                    "{'b':null}",
                    "{'x1':1,'x2':'y'}",
                    "{'a':{'a':{'a':1}}}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "false",
                "{}",
                "{'type':'integer'}",
                "{'type':['number','null']}",
                "{'const':1}",
                "{'enum':[null,'a',[1,1],{'a':1}]}",
                "{'minLength':1,'maxLength':2}",
                "{'pattern':'^[a-z]'}",
                "{'pattern':'\\\\d$'}",
                "{'minimum':1,'exclusiveMaximum':2.5}",
                "{'maximum':1,'exclusiveMinimum':-7}",
                "{'multipleOf':0.5}",
                "{'minItems':1,'maxItems':2}",
                "{'uniqueItems':true}",
                "{'prefixItems':[{'type':'integer'},{'type':'string'}],'items':false}",
                "{'items':{'type':'string'}}",
                "{'contains':{'type':'string'},'maxContains':1}",
                "{'contains':{'type':'string'},'minContains':0}",
                "{'minProperties':1,'maxProperties':1}",
                "{'required':['a']}",
                "{'properties':{'a':{'type':'integer'}},'additionalProperties':false}",
                "{'patternProperties':{'^x':{'type':'integer'}},'additionalProperties':"
                        + "{'type':'null'}}",
                "{'propertyNames':{'maxLength':1}}",
                "{'dependentRequired':{'a':['b']}}",
                "{'dependentSchemas':{'a':{'minProperties':2}}}",
                "{'allOf':[{'type':'number'},{'minimum':1}]}",
                "{'anyOf':[{'type':'string'},{'minimum':1}]}",
                "{'oneOf':[{'type':'number'},{'minimum':1}]}",
                "{'not':{'type':['number','string']}}",
                "{'if':{'type':'number'},'then':{'minimum':1},'else':{'type':'object'}}",
                "{'if':{'type':'number'}}",
                "{'type':'object','properties':{'a':{'$ref':'#'}}}",
            })
    void agreesWithAnotherValidator(String text) {
        var schema = json(text);
        var refs = new SchemaRefs(schema, "schema");
        for (var one : VALUES) {
            var value = json(one);
            assertThat(new SchemaCheck(refs, new Patterns("schema")).allows(schema, value))
                    .as("%s of %s", value, schema)
                    .isEqualTo(SCHEMAS.getSchema(schema).validate(value).isEmpty());
        }
    }

    private static JsonNode json(String text) {
        return Conversation.json(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
