// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
import assert from "node:assert/strict";
import { test } from "node:test";
import { all, ask, client, lastBody, model, text } from "./platform.mjs";

const IMAGE = "data:image/png;base64,iVBORw0KGgo=";

const openai = client();
const chat = openai.chat.completions;

const weather = {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer" } },
    required: ["city", "days"],
    additionalProperties: false,
};
const tools = [{ type: "function", function: { name: "weather", parameters: weather } }];

test("tool is called and its answer is used", async () => {
    const request = ask("simulator", { tools });
    const { message } = (await chat.create(request)).choices[0];
    const [call] = message.tool_calls;
    assert.equal(call.function.name, "weather");
    assert.equal(typeof JSON.parse(call.function.arguments).city, "string");

    const answer = { role: "tool", tool_call_id: call.id, content: "Sunny." };
    const messages = [...request.messages, message, answer];
    assert.match(text(await chat.create({ ...request, messages })), /Sunny\./);
});

test("the SDK's own tool loop comes to an end", async () => {
    const asked = [];
    const run = chat.runTools({
        ...ask("simulator"),
        tools: [
            {
                type: "function",
                function: {
                    name: "weather",
                    parameters: weather,
                    parse: JSON.parse,
                    function: ({ city }) => {
                        asked.push(city);
                        return "Sunny.";
                    },
                },
            },
        ],
    });
    assert.match(await run.finalContent(), /Sunny\./);
    assert.equal(asked.length, 1);
});

test("arguments in pieces add up", async () => {
    const completion = await chat.stream(ask("caller", { tools })).finalChatCompletion();
    const [choice] = completion.choices;
    assert.equal(choice.finish_reason, "tool_calls");
    assert.equal(choice.message.tool_calls[0].function.arguments, '{"city":"Berlin"}');
});

test("image reaches the provider as it was sent", async () => {
    const content = [
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: IMAGE, detail: "low" } },
    ];
    await chat.create(ask("fake", { messages: [{ role: "user", content }] }));

    const body = JSON.parse(await lastBody(model("fake")));
    assert.deepEqual(body.messages, [{ role: "user", content }]);
});

test("answer has the shape asked for", async () => {
    const json_schema = { name: "weather", strict: true, schema: weather };
    const format = { type: "json_schema", json_schema };
    const completion = await chat.parse(ask("simulator", { response_format: format }));

    const answer = JSON.parse(text(completion));
    assert.deepEqual(Object.keys(answer).sort(), ["city", "days"]);
    assert.ok(Number.isInteger(answer.days));
});

test("embeddings are decoded as the SDK asks for them", async () => {
    const input = ["one", "two", "one"];
    const { data } = await openai.embeddings.create({ model: model("fake"), input });

    assert.equal(JSON.parse(await lastBody(model("fake"))).encoding_format, "base64");
    assert.deepEqual(data.map((one) => one.embedding.length), [1536, 1536, 1536]);
    assert.deepEqual(data[0].embedding, data[2].embedding);
    assert.notDeepEqual(data[0].embedding, data[1].embedding);
    const square = data[0].embedding.reduce((sum, x) => sum + x * x, 0);
    assert.ok(Math.abs(square - 1) < 1e-3);
});

test("embeddings come as numbers too", async () => {
    const request = { model: model("fake"), input: "one" };
    const floats = await openai.embeddings.create({ ...request, encoding_format: "float" });
    const decoded = await openai.embeddings.create(request);

    floats.data[0].embedding.forEach((x, i) =>
        assert.ok(Math.abs(x - decoded.data[0].embedding[i]) < 1e-6),
    );
});
