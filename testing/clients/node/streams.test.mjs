// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
// Time-outs, leaving, and answers that break off.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { ask, awaitGone, client, model, streamed } from "./platform.mjs";

const chat = client({ maxRetries: 0 }).chat.completions;

test("impatient client stops the provider", async () => {
    await assert.rejects(
        chat.create(ask("silent"), { timeout: 1000 }),
        OpenAI.APIConnectionTimeoutError,
    );
    await awaitGone(model("silent"));
});

test("abandoned stream stops the provider", async () => {
    let seen = 0;
    for await (const chunk of await chat.create(ask("endless", { stream: true }))) {
        seen += chunk.choices.length;
        if (seen === 5) {
            break;
        }
    }
    await awaitGone(model("endless"));
});

test("aborted request stops the provider", async () => {
    const controller = new AbortController();
    const answer = chat.create(ask("silent"), { signal: controller.signal });
    setTimeout(() => controller.abort(), 1000);
    await assert.rejects(answer, OpenAI.APIUserAbortError);
    await awaitGone(model("silent"));
});

for (const behaviour of ["cut", "broken"]) {
    test(`answer that is ${behaviour} in the middle is an error`, async () => {
        const seen = [];
        await assert.rejects(async () => {
            for await (const chunk of await chat.create(ask(behaviour, { stream: true }))) {
                seen.push(chunk);
            }
        }, OpenAI.APIError);
        assert.match(streamed(seen), /^t0 t1/);
    });
}
