// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
import assert from "node:assert/strict";
import { test } from "node:test";
import { EIGHT_TOKENS, all, ask, client, model, served, streamed, text } from "./platform.mjs";

const openai = client();
const chat = openai.chat.completions;
const stream = (behaviour, more) => chat.create(ask(behaviour, { stream: true, ...more }));

test("chat is answered", async () => {
    const completion = await chat.create(ask("fake"));
    assert.equal(text(completion), EIGHT_TOKENS);
    assert.equal(completion.choices[0].finish_reason, "stop");
    assert.equal(completion.usage.completion_tokens, 8);
});

test("what is asked twice under one key is run once", async () => {
    const before = await served(model("fake"));
    const key = { headers: { "Idempotency-Key": "node-twice" } };
    const first = await chat.create(ask("fake"), key);
    assert.deepEqual(await chat.create(ask("fake"), key), first);
    assert.equal(await served(model("fake")), before + 1);
});

test("several choices come back", async () => {
    const completion = await chat.create(ask("fake", { n: 3 }));
    assert.deepEqual(completion.choices.map((choice) => choice.index), [0, 1, 2]);
});

test("streamed tokens come in order", async () => {
    assert.equal(streamed(await all(await stream("fake"))), EIGHT_TOKENS);
});

test("stream adds up to the whole answer", async () => {
    const completion = await chat.stream(ask("fake")).finalChatCompletion();
    assert.equal(text(completion), EIGHT_TOKENS);
});

test("usage is streamed to whom it asked for", async () => {
    const chunks = await all(await stream("fake", { stream_options: { include_usage: true } }));
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.equal(chunks.at(-1).usage.completion_tokens, 8);
});

test("usage is not streamed to others", async () => {
    for (const chunk of await all(await stream("fake"))) {
        assert.ok(!chunk.usage);
        assert.equal(chunk.choices.length, 1);
    }
});

test("oddly framed stream arrives whole", async () => {
    const words = streamed(await all(await stream("odd-frames")));
    assert.match(words, /t0.*t7/su);
    assert.match(words, /[\u{10000}-\u{10FFFF}]/u);
    assert.ok(!words.includes("\uFFFD"));
});

test("comments before the first token do not disturb", async () => {
    assert.equal(streamed(await all(await stream("late"))), EIGHT_TOKENS);
});

test("request id is exposed", async () => {
    const completion = await chat.create(ask("fake"));
    assert.match(completion._request_id, /^req_/);
    const { request_id } = await stream("fake").withResponse();
    assert.match(request_id, /^req_/);
});

test("legacy completion is answered", async () => {
    const completion = await openai.completions.create({ model: model("fake"), prompt: "Once" });
    assert.equal(completion.choices[0].text, EIGHT_TOKENS);
});

test("legacy completion is streamed", async () => {
    const request = { model: model("fake"), prompt: "Once", stream: true };
    const chunks = await all(await openai.completions.create(request));
    assert.equal(chunks.map((chunk) => chunk.choices[0].text).join(""), EIGHT_TOKENS);
});

test("models are listed", async () => {
    const ids = (await all(openai.models.list())).map((one) => one.id);
    assert.ok(ids.includes("simulator") && ids.includes(model("fake")));
    assert.equal((await openai.models.retrieve("simulator")).id, "simulator");
});
