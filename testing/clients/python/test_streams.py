# SPDX-License-Identifier: Apache-2.0
# Copyright the UPLION authors
"""Time-outs, leaving, and answers that break off."""

import itertools
import unittest

import openai

from platform_under_test import ask, await_gone, client, model, streamed

chat = client(max_retries=0).chat.completions


class Streams(unittest.TestCase):
    def test_impatient_client_stops_the_provider(self):
        with self.assertRaises(openai.APITimeoutError):
            chat.create(**ask("silent"), timeout=1)
        await_gone(model("silent"))

    def test_closed_stream_stops_the_provider(self):
        with chat.create(**ask("endless", stream=True)) as stream:
            self.assertEqual(len(list(itertools.islice(stream, 5))), 5)
        await_gone(model("endless"))

    def broken(self, behaviour):
        seen = []
        with self.assertRaises(Exception) as caught:
            for chunk in chat.create(**ask(behaviour, stream=True)):
                seen.append(chunk)
        self.assertIsInstance(caught.exception, openai.APIError)
        self.assertTrue(streamed(seen).startswith("t0 t1"))

    def test_answer_that_is_cut_in_the_middle_is_an_error(self):
        self.broken("cut")

    def test_answer_that_is_broken_in_the_middle_is_an_error(self):
        self.broken("broken")
