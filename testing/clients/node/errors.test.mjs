// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { all, answered, ask, client, model, served, text } from "./platform.mjs";

const chat = client().chat.completions;

async function refused(type, request, completions = chat) {
    const error = await completions.create(request).then(
        () => assert.fail("was answered"),
        (reason) => reason,
    );
    assert.ok(error instanceof type, String(error));
    assert.match(error.requestID, /^req_/);
    return error;
}

test("wrong key is unauthorized", async () => {
    const stranger = client({ apiKey: "upl_wrong" }).chat.completions;
    const error = await refused(OpenAI.AuthenticationError, ask("fake"), stranger);
    assert.equal(error.code, "invalid_api_key");
});

test("unknown model is not found", async () => {
    const error = await refused(OpenAI.NotFoundError, { ...ask("fake"), model: "no-such-model" });
    assert.equal(error.code, "model_not_found");
    assert.equal(error.param, "model");
    assert.equal(error.type, "invalid_request_error");
    assert.match(error.message, /no-such-model/);
});

test("bad value is a bad request", async () => {
    const error = await refused(OpenAI.BadRequestError, ask("fake", { n: -1 }));
    assert.equal(error.code, "invalid_value");
    assert.equal(error.param, "n");
});

test("refusal of the provider is the answer", async () => {
    const before = await served(model("refusing"));
    await refused(OpenAI.BadRequestError, ask("refusing"));
    assert.equal(await served(model("refusing")), before + 1);
});

test("refusal of a stream has its status", async () => {
    await refused(OpenAI.BadRequestError, ask("refusing", { stream: true }));
});

test("rate limit of the provider is told", async () => {
    const impatient = client({ maxRetries: 0 }).chat.completions;
    const error = await refused(OpenAI.RateLimitError, ask("limiting"), impatient);
    assert.equal(error.code, "rate_limit_exceeded");
    const seconds = Number(error.headers.get("retry-after"));
    assert.ok(seconds >= 50 && seconds <= 60);
});

test("failing provider is a server error and is not tried again", async () => {
    const before = await served(model("down"));
    const error = await refused(OpenAI.InternalServerError, ask("down"));
    assert.equal(error.status, 502);
    assert.equal(error.code, "upstream_error");
    assert.equal(await served(model("down")), before + 3);
});

test("failed attempts stay behind the platform", async () => {
    assert.match(text(await chat.create(ask("flaky"))), /^t0/);
    assert.equal(await served(model("flaky")), 3);
});

test("limited client comes back when it was told", async () => {
    const before = await answered("rate_limit_exceeded");
    assert.match(text(await chat.create(ask("limited"))), /^t0/);
    // Had it come back too early, it would have been refused again.
    assert.equal(await answered("rate_limit_exceeded"), before + 1);
});

test("client of an unavailable model comes back", async () => {
    const before = await answered("model_unavailable");
    const chunks = await all(await chat.create(ask("locked-out", { stream: true })));
    assert.ok(chunks.length > 0);
    assert.equal(await answered("model_unavailable"), before + 1);
});
