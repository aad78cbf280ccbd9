// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
// What all files share: the SDK as a user would set it up, and what the other side has seen.
import assert from "node:assert/strict";
import OpenAI from "openai";

export const EIGHT_TOKENS = "t0 t1 t2 t3 t4 t5 t6 t7";

const { BASE_URL, API_KEY, CONTROL_URL, CLIENT } = process.env;

export const client = (options = {}) =>
    new OpenAI({ baseURL: BASE_URL, apiKey: API_KEY, ...options });

/** The model of this client that behaves so. */
export const model = (behaviour) => `${CLIENT}-${behaviour}`;

export const ask = (behaviour, more = {}) => ({
    model: behaviour === "simulator" ? "simulator" : model(behaviour),
    messages: [{ role: "user", content: "Say something." }],
    ...more,
});

export const text = (completion) => completion.choices[0].message.content;

export async function all(stream) {
    const chunks = [];
    for await (const chunk of stream) {
        chunks.push(chunk);
    }
    return chunks;
}

export const streamed = (chunks) =>
    chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");

async function control(path) {
    const answer = await fetch(`${CONTROL_URL}/${path}`);
    assert.equal(answer.status, 200, path);
    return answer.text();
}

/** How many requests for the model the provider has ended. */
export const served = async (name) => Number(await control(`served/${name}`));

/** The body of the newest request that the provider has got for the model. */
export const lastBody = (name) => control(`last-body/${name}`);

/** How many errors with this code the platform has answered. */
export const answered = async (code) => Number(await control(`answered/${code}`));

/** The client of the newest request for the model has gone: within 2 s nobody works for it. */
export const awaitGone = (name) => control(`await-gone/${name}`);
