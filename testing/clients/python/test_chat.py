# SPDX-License-Identifier: Apache-2.0
# Copyright the UPLION authors
import asyncio
import unittest

from openai import AsyncOpenAI

from platform_under_test import (
    EIGHT_TOKENS,
    ask,
    client,
    model,
    served,
    settings,
    streamed,
    text,
)

openai = client()
chat = openai.chat.completions


def stream(behaviour, **more):
    return list(chat.create(**ask(behaviour, stream=True, **more)))


class Chat(unittest.TestCase):
    def test_chat_is_answered(self):
        completion = chat.create(**ask("fake"))
        self.assertEqual(text(completion), EIGHT_TOKENS)
        self.assertEqual(completion.choices[0].finish_reason, "stop")
        self.assertEqual(completion.usage.completion_tokens, 8)

    def test_what_is_asked_twice_under_one_key_is_run_once(self):
        before = served(model("fake"))
        key = {"Idempotency-Key": "python-twice"}
        first = chat.create(**ask("fake", extra_headers=key))
        again = chat.create(**ask("fake", extra_headers=key))
        self.assertEqual(again.model_dump(), first.model_dump())
        self.assertEqual(served(model("fake")), before + 1)

    def test_stream_is_given_again_under_its_key(self):
        key = {"Idempotency-Key": "python-stream"}
        first = stream("fake", extra_headers=key)
        self.assertEqual(streamed(first), EIGHT_TOKENS)
        again = stream("fake", extra_headers=key)
        self.assertEqual([one.model_dump() for one in again], [one.model_dump() for one in first])

    def test_several_choices_come_back(self):
        completion = chat.create(**ask("fake", n=3))
        self.assertEqual([choice.index for choice in completion.choices], [0, 1, 2])

    def test_streamed_tokens_come_in_order(self):
        self.assertEqual(streamed(stream("fake")), EIGHT_TOKENS)

    def test_stream_adds_up_to_the_whole_answer(self):
        with chat.stream(**ask("fake")) as events:
            self.assertEqual(text(events.get_final_completion()), EIGHT_TOKENS)

    def test_asynchronous_client_streams(self):
        async def tokens():
            async with AsyncOpenAI(**settings()) as asynchronous:
                answer = await asynchronous.chat.completions.create(**ask("fake", stream=True))
                return [chunk async for chunk in answer]

        self.assertEqual(streamed(asyncio.run(tokens())), EIGHT_TOKENS)

    def test_usage_is_streamed_to_whom_it_asked_for(self):
        chunks = stream("fake", stream_options={"include_usage": True})
        self.assertEqual(chunks[-1].choices, [])
        self.assertEqual(chunks[-1].usage.completion_tokens, 8)

    def test_usage_is_not_streamed_to_others(self):
        for chunk in stream("fake"):
            self.assertIsNone(chunk.usage)
            self.assertEqual(len(chunk.choices), 1)

    def test_oddly_framed_stream_arrives_whole(self):
        words = streamed(stream("odd-frames"))
        self.assertRegex(words, r"(?s)t0.*t7")
        self.assertTrue(any(ord(character) > 0xFFFF for character in words))
        self.assertNotIn("\ufffd", words)

    def test_comments_before_the_first_token_do_not_disturb(self):
        self.assertEqual(streamed(stream("late")), EIGHT_TOKENS)

    def test_request_id_is_exposed(self):
        self.assertRegex(chat.create(**ask("fake"))._request_id, "^req_")
        response = chat.with_raw_response.create(**ask("fake"))
        self.assertRegex(response.request_id, "^req_")

    def test_legacy_completion_is_answered(self):
        completion = openai.completions.create(model=model("fake"), prompt="Once")
        self.assertEqual(completion.choices[0].text, EIGHT_TOKENS)

    def test_legacy_completion_is_streamed(self):
        chunks = openai.completions.create(model=model("fake"), prompt="Once", stream=True)
        self.assertEqual("".join(chunk.choices[0].text for chunk in chunks), EIGHT_TOKENS)

    def test_models_are_listed(self):
        ids = [one.id for one in openai.models.list()]
        self.assertIn("simulator", ids)
        self.assertIn(model("fake"), ids)
        self.assertEqual(openai.models.retrieve("simulator").id, "simulator")
