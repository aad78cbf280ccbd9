// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaInstanceTest {
    private static final JsonSchemaFactory SCHEMAS =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "true",
                "{'type':'object'}",
                "{'type':'object','properties':{'a':{'type':'string'},'b':{'type':'integer'},"
                        + "'c':{'type':'number'},'d':{'type':'boolean'},'e':{'type':'null'}},"
                        + "'required':['a','b'],'additionalProperties':false}",
                "{'type':'array','items':{'type':'integer'},'minItems':3,'uniqueItems':true}",
                "{'type':'array','items':{'enum':['a','b','c']},'minItems':3,'uniqueItems':true}",
                "{'type':'array','maxItems':0}",
                "{'type':'array','prefixItems':[{'type':'string'},{'type':'number'}],"
                        + "'items':false}",
                "{'enum':['red','green']}",
                "{'type':'string','enum':[1,'red']}",
                "{'const':{'a':[1,2]}}",
                "{'type':'string','minLength':30}",
                "{'type':'string','maxLength':3}",
                "{'type':'string','minLength':20,'maxLength':20}",
                "{'type':'string','format':'date'}",
                "{'type':'string','format':'date-time'}",
                "{'type':'string','format':'time'}",
                "{'type':'string','format':'duration'}",
                "{'type':'string','format':'email'}",
                "{'type':'string','format':'hostname'}",
                "{'type':'string','format':'ipv4'}",
                "{'type':'string','format':'ipv6'}",
                "{'type':'string','format':'uri'}",
                "{'type':'string','format':'uuid'}",
                "{'type':'integer','minimum':5}",
                "{'type':'integer','maximum':-5}",
                "{'type':'integer','exclusiveMinimum':5,'exclusiveMaximum':7}",
                "{'type':'integer','minimum':0.5,'maximum':1.5}",
                "{'type':'integer','minimum':10,'multipleOf':7}",
                "{'type':'number','exclusiveMinimum':0,'exclusiveMaximum':0.001}",
                "{'type':'number','exclusiveMaximum':-1}",
                "{'type':'number','minimum':2.2,'multipleOf':0.5}",
                "{'type':'integer','minimum':123456789012345678901234567890}",
                "{'type':['null','string']}",
                "{'anyOf':[{'type':'integer'},{'type':'string'}]}",
                "{'oneOf':[false,{'type':'object','required':['a']}]}",
                "{'anyOf':[{'type':'integer','minimum':3,'maximum':2},{'type':'null'}]}",
                "{'type':'object','properties':{'a':{'type':'string'}},'required':['a'],"
                        + "'anyOf':[{'properties':{'b':{'const':1}},'required':['b']}]}",
                "{'allOf':[{'type':'object','properties':{'a':{'type':'string'}},"
                        + "'required':['a']},{'properties':{'a':{'minLength':12},"
                        + "'b':{'type':'integer'}},'required':['b']}]}",
                "{'allOf':[{'type':'number','minimum':3},{'type':'integer','minimum':1}]}",
                "{'allOf':[{'enum':[1,2,3]},{'enum':[3,4]}]}",
                "{'allOf':[{'anyOf':[{'required':['x']}]},{'anyOf':[{'required':['y']}]}]}",
                "{'$ref':'#/$defs/a','$defs':{'a':{'type':'string','minLength':3}}}",
                "{'$ref':'#/definitions/a~1b%20c','definitions':{'a/b c':{'type':'boolean'}}}",
                "{'$ref':'#/$defs/a','minLength':40,'$defs':{'a':{'type':'string'}}}",
                "{'allOf':[{'$ref':'#/$defs/a'},{'$ref':'#/$defs/b'}],'$defs':{"
                        + "'a':{'type':'object','required':['x']},'b':{'required':['y']}}}",
                "{'type':'object','additionalProperties':{'type':'integer'},'minProperties':2}",
                "{'type':'object','additionalProperties':{'type':'integer'}}",
                "{'type':'object','properties':{'a':true,'b':true,'c':true},'required':['c'],"
                        + "'maxProperties':2}",
                "{'properties':{'a':{'type':'string'},'b':false}}",
                "{'type':'object','properties':{'kind':{'enum':['x','y']}},"
                        + "'if':{'properties':{'kind':{'const':'y'}}},"
                        + "'then':{'required':['only_y']}}",
                "{'type':'string','pattern':'^[A-Z]{3}-\\\\d{4}$'}",
                "{'type':'string','pattern':'^(?:red|green)(?<more>,\\\\s?[a-f0-9_.-]+)*$',"
                        + "'minLength':30}",
                "{'type':'string','pattern':'b$','minLength':3,'maxLength':5}",
                "{'pattern':'^\\\\u0041[^a-z\\\\s]\\\\S.?\\\\/$'}",
                "{'allOf':[{'type':'string','pattern':'^a'},{'maxLength':4}]}",
                "{'type':'array','minItems':4,'uniqueItems':true,"
                        + "'items':{'type':'string','pattern':'^[a-z]{2}$'}}",
                "{'type':'string','enum':['a','b','ccc'],'pattern':'..'}",
                "{'type':'string','not':{'const':'simulated'}}",
                "{'type':'string','enum':['a','b','c'],'not':{'enum':['a','b']}}",
                "{'not':{'type':'object'}}",
                "{'type':'object','properties':{'a':{'not':{'type':'string'}}},'required':['a']}",
                "{'type':'object','properties':{'a':{},'b':{}},'not':{'required':['b']}}",
                "{'allOf':[{'type':'integer','not':{'const':1}},{'not':{'const':2}}]}",
                "{'type':'object','propertyNames':{'pattern':'^[a-z]{3}$'},'minProperties':3}",
                "{'type':'object','properties':{'ok':{},'NO':{}},"
                        + "'propertyNames':{'pattern':'^[a-z]+$'}}",
                "{'type':'object','propertyNames':{'enum':['x','y']},'minProperties':2}",
                "{'type':'object','patternProperties':{'^n_[0-9]+$':{'type':'integer'}},"
                        + "'additionalProperties':false,'minProperties':2}",
                "{'oneOf':[{'type':'integer'},{'type':'number','minimum':5}]}",
                "{'oneOf':[{'type':'object','properties':{'a':{'type':'string'}},"
                        + "'required':['a']},{'type':'object','properties':{'b':{}},"
                        + "'required':['b'],'additionalProperties':false}]}",
                "{'oneOf':[{'type':'number','multipleOf':5},{'type':'number','multipleOf':3}]}",
                "{'type':'array','items':{'type':'integer'},'contains':{'minimum':7},"
                        + "'minContains':2}",
                "{'type':'object','properties':{'a':{},'b':{}},"
                        + "'dependentRequired':{'a':['b'],'b':['a']}}",
            })
    void makesWhatAValidatorAccepts(String schema) {
        assertValid(json(schema));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A list that ends in null, a tree, a tree that needs its children, expressions.
                "{'$ref':'#/$defs/node','$defs':{'node':{'type':'object','properties':{"
                        + "'value':{'type':'integer'},'next':{'anyOf':["
                        + "{'$ref':'#/$defs/node'},{'type':'null'}]}},"
                        + "'required':['value','next'],'additionalProperties':false}}}",
                "{'type':'object','properties':{'children':{'type':'array',"
                        + "'items':{'$ref':'#'}}},'required':['children']}",
                "{'type':'object','properties':{'name':{'type':'string'},"
                        + "'parent':{'$ref':'#'}}}",
                "{'$ref':'#/$defs/e','$defs':{'e':{'anyOf':[{'$ref':'#/$defs/sum'},"
                        + "{'$ref':'#/$defs/value'}]},'sum':{'type':'object','properties':{"
                        + "'left':{'$ref':'#/$defs/e'},'right':{'$ref':'#/$defs/e'}},"
                        + "'required':['left','right'],'additionalProperties':false},"
                        + "'value':{'type':'number'}}}",
                "{'type':'object','properties':{'next':{'type':['object','null'],"
                        + "'allOf':[{'$ref':'#'}]}}}",
            })
    void recursiveSchemasEnd(String schema) {
        var made = assertValid(json(schema));
        assertThat(made.toString()).hasSizeLessThan(2000);
    }

    @Test
    void everyPropertyIsThereAlsoTheOptionalOnes() {
        var made = make("{'properties':{'a':{},'b':{'type':'array'},'c':{}},'required':['c']}");
        assertThat(made.fieldNames()).toIterable().containsExactly("a", "b", "c");
    }

    @Test
    void aRecursiveTypeIsShownInsideItself() {
        var made = make("{'type':'object','properties':{'parent':{'$ref':'#'}}}");
        assertThat(made.at("/parent/parent").isObject()).isTrue();
    }

    @Test
    void aDeepSchemaWithoutRecursionIsFollowed() {
        var schema = "{'type':'string'}";
        for (int i = 0; i < 40; i++) {
            schema = "{'type':'object','properties':{'x':" + schema + "},'required':['x']}";
        }
        assertValid(json(schema));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "{'$ref':'#'}",
                "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}}}",
                "{'$ref':'https://example.com/schema'}",
                "{'$ref':'#anchor'}",
                "{'$ref':'#/%zz'}",
                "{'$ref':7}",
                "{'type':'object','properties':{'x':{'$ref':'#'}},'required':['x']}",
                "{'type':'string','minLength':5,'maxLength':4}",
                "{'type':'string','minLength':1000000000}",
                "{'type':'integer','minimum':2,'maximum':1}",
                "{'type':'array','minItems':1000000000,'items':{'type':'string'}}",
                "{'type':'array','minItems':3,'maxItems':2}",
                "{'type':'object','required':['a'],'additionalProperties':false}",
                "{'type':'object','minProperties':1000000000}",
                "{'type':'miracle'}",
                "{'enum':[]}",
                "{'properties':{'a':7}}",
                "{'allOf':[{'type':'string'},{'type':'object'}]}",
            })
    void whatCannotBeMadeIsRefused(String schema) {
        assertThatThrownBy(() -> make(schema)).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pattern | {'type':'string','pattern':'^a{5}$','maxLength':4}",
                "pattern | {'type':'string','pattern':'(?=a)b'}",
                "pattern | {'type':'string','pattern':'((a{999}){999}){999}'}",
                "pattern | {'type':'string','pattern':'['}",
                "pattern | {'allOf':[{'type':'string','pattern':'^a$'},{'pattern':'^b$'}]}",
                "not | {'type':'string','not':{}}",
                "not | {'not':{}}",
                "not | {'type':'boolean','not':{'enum':[true,false]}}",
                "oneOf | {'oneOf':[{'type':'string'},{'type':'string'}]}",
                "oneOf | {'oneOf':[{},true]}",
                "propertyNames |"
                        + " {'type':'object','required':['A'],'propertyNames':{'pattern':'a'}}",
                "uniqueItems |"
                        + " {'type':'array','items':{'const':1},'minItems':2,'uniqueItems':true}",
                "dependentRequired | {'type':'object','required':['a'],'maxProperties':1,"
                        + "'dependentRequired':{'a':['b']}}",
                "$dynamicRef | {'type':'string','$dynamicRef':'#x'}",
            })
    void whatCannotBeMetIsNamed(String keyword, String schema) {
        assertThatThrownBy(() -> make(schema))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("'" + keyword + "'");
    }

    /// What only a check would walk through must not take for ever either.
    @Test
    void checksAreBounded() {
        var doubling = new StringBuilder("'d0':{'type':'string'}");
        for (int i = 1; i < 60; i++) {
            var before = "{'$ref':'#/$defs/d" + (i - 1) + "'}";
            doubling.append(",'d" + i + "':{'anyOf':[" + before + "," + before + "]}");
        }
        var doubled = "{'type':'integer','not':{'$ref':'#/$defs/d59'},'$defs':{" + doubling + "}}";
        assertThatThrownBy(() -> make(doubled)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> make("{'type':'integer','not':{'$ref':'#/not'}}"))
                .isInstanceOf(Refusal.class);
        var slow = "{'type':'string','enum':['" + "a".repeat(5000) + "'],'pattern':'^(a+)+$'}";
        assertThat(make(slow).textValue()).hasSize(5000);
    }

    @Test
    void oddNumbersDoNoHarm() {
        assertThat(make("{'type':'number','minimum':1e999}").isNumber()).isTrue();
        assertThat(make("{'type':'number','minimum':1e300,'multipleOf':1e-300}").isNumber())
                .isTrue();
        assertThat(make("{'type':'integer','multipleOf':0}").intValue()).isOne();
    }

    @Test
    void nonsenseInKeywordsDoesNoHarm() {
        assertThat(make("{'type':'object','properties':[],'required':7,'allOf':7}").isObject())
                .isTrue();
        assertThat(make("{'anyOf':7,'minLength':'x'}").isTextual()).isTrue();
        assertThat(make("{'type':'array','prefixItems':{'a':{}}}").isArray()).isTrue();
        assertThat(make("{'type':'array','not':{'prefixItems':{'a':{}},'type':'null'}}").isArray())
                .isTrue();
    }

    /// Each of these describes more than any machine can hold.
    @Test
    void workIsBounded() {
        var types =
                IntStream.range(0, 20)
                        .mapToObj(
                                i -> "'t" + i + "':{'type':'object','properties':{" + all() + "}}")
                        .collect(Collectors.joining(","));
        var wide = "{'$ref':'#/$defs/t0','$defs':{" + types + "}}";
        var needed = wide.replace("'type':'object',", "'type':'object','required':['t0','t1'],");
        var doubling = new StringBuilder("'d0':{'type':'string'}");
        for (int i = 1; i < 60; i++) {
            var before = "{'$ref':'#/$defs/d" + (i - 1) + "'}";
            doubling.append(",'d" + i + "':{'type':'array','minItems':2,'items':" + before + "}");
        }
        var doubled = "{'$ref':'#/$defs/d59','$defs':{" + doubling + "}}";
        var chain = new StringBuilder("'c0':{'type':'string'}");
        for (int i = 1; i < 20_000; i++) {
            chain.append(",'c" + i + "':{'$ref':'#/$defs/c" + (i - 1) + "'}");
        }
        var chained = "{'$ref':'#/$defs/c19999','$defs':{" + chain + "}}";
        var before = System.nanoTime();
        assertThat(make(wide).toString()).hasSizeLessThan(500_000);
        assertThatThrownBy(() -> make(needed)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> make(doubled)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> make(chained)).isInstanceOf(Refusal.class);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    private static String all() {
        return IntStream.range(0, 20)
                .mapToObj(i -> "'t" + i + "':{'$ref':'#/$defs/t" + i + "'}")
                .collect(Collectors.joining(","));
    }

    private static JsonNode assertValid(JsonNode schema) {
        var made = SchemaInstance.of(schema, "schema");
        var problems = SCHEMAS.getSchema(schema, STRICT).validate(made);
        assertThat(problems).as("%s of %s", made, schema).isEmpty();
        return made;
    }

    private static JsonNode make(String schema) {
        return SchemaInstance.of(json(schema), "schema");
    }

    private static JsonNode json(String text) {
        return Conversation.json(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
