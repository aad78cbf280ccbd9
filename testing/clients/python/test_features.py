# SPDX-License-Identifier: Apache-2.0
# Copyright the UPLION authors
import json
import unittest

from openai import pydantic_function_tool
from pydantic import BaseModel

from platform_under_test import ask, client, last_body, model, text

IMAGE = "data:image/png;base64,iVBORw0KGgo="

openai = client()
chat = openai.chat.completions


class Weather(BaseModel):
    city: str
    days: int


TOOLS = [pydantic_function_tool(Weather, name="weather")]


class Features(unittest.TestCase):
    def test_tool_is_called_and_its_answer_is_used(self):
        request = ask("simulator", tools=TOOLS)
        message = chat.create(**request).choices[0].message
        call = message.tool_calls[0]
        self.assertEqual(call.function.name, "weather")
        self.assertIn("city", json.loads(call.function.arguments))

        answer = {"role": "tool", "tool_call_id": call.id, "content": "Sunny."}
        request["messages"] += [message, answer]
        self.assertIn("Sunny.", text(chat.create(**request)))

    def test_arguments_in_pieces_add_up(self):
        tools = [{"type": "function", "function": {"name": "weather", "parameters": {}}}]
        with chat.stream(**ask("caller", tools=tools)) as events:
            choice = events.get_final_completion().choices[0]
        self.assertEqual(choice.finish_reason, "tool_calls")
        self.assertEqual(choice.message.tool_calls[0].function.arguments, '{"city":"Berlin"}')

    def test_image_reaches_the_provider_as_it_was_sent(self):
        content = [
            {"type": "text", "text": "What is this?"},
            {"type": "image_url", "image_url": {"url": IMAGE, "detail": "low"}},
        ]
        messages = [{"role": "user", "content": content}]
        chat.create(**{**ask("fake"), "messages": messages})
        self.assertEqual(json.loads(last_body(model("fake")))["messages"], messages)

    def test_answer_has_the_shape_asked_for(self):
        completion = chat.parse(**ask("simulator", response_format=Weather))
        self.assertIsInstance(completion.choices[0].message.parsed, Weather)

    def test_streamed_answer_has_the_shape_asked_for(self):
        with chat.stream(**ask("simulator", response_format=Weather)) as events:
            message = events.get_final_completion().choices[0].message
        self.assertIsInstance(message.parsed, Weather)

    def test_embeddings_are_decoded_as_the_sdk_asks_for_them(self):
        inputs = ["one", "two", "one"]
        data = openai.embeddings.create(model=model("fake"), input=inputs).data
        self.assertEqual(json.loads(last_body(model("fake")))["encoding_format"], "base64")
        self.assertEqual([len(one.embedding) for one in data], [1536] * 3)
        self.assertEqual(data[0].embedding, data[2].embedding)
        self.assertNotEqual(data[0].embedding, data[1].embedding)
        self.assertAlmostEqual(sum(x * x for x in data[0].embedding), 1, places=3)

    def test_embeddings_come_as_numbers_too(self):
        request = {"model": model("fake"), "input": "one"}
        floats = openai.embeddings.create(**request, encoding_format="float").data[0].embedding
        decoded = openai.embeddings.create(**request).data[0].embedding
        for number, other in zip(floats, decoded, strict=True):
            self.assertAlmostEqual(number, other, places=6)
