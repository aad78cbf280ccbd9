# SPDX-License-Identifier: Apache-2.0
# Copyright the UPLION authors
import unittest

import openai

from platform_under_test import answered, ask, client, model, served, streamed, text

chat = client().chat.completions


class Errors(unittest.TestCase):
    def refused(self, kind, request, completions=chat):
        with self.assertRaises(kind) as caught:
            completions.create(**request)
        self.assertRegex(caught.exception.request_id, "^req_")
        return caught.exception

    def test_wrong_key_is_unauthorized(self):
        stranger = client(api_key="upl_wrong").chat.completions
        error = self.refused(openai.AuthenticationError, ask("fake"), stranger)
        self.assertEqual(error.code, "invalid_api_key")

    def test_unknown_model_is_not_found(self):
        error = self.refused(openai.NotFoundError, {**ask("fake"), "model": "no-such-model"})
        self.assertEqual(error.code, "model_not_found")
        self.assertEqual(error.param, "model")
        self.assertEqual(error.type, "invalid_request_error")
        self.assertIn("no-such-model", error.message)

    def test_bad_value_is_a_bad_request(self):
        error = self.refused(openai.BadRequestError, ask("fake", n=-1))
        self.assertEqual(error.code, "invalid_value")
        self.assertEqual(error.param, "n")

    def test_refusal_of_the_provider_is_the_answer(self):
        before = served(model("refusing"))
        self.refused(openai.BadRequestError, ask("refusing"))
        self.assertEqual(served(model("refusing")), before + 1)

    def test_refusal_of_a_stream_has_its_status(self):
        self.refused(openai.BadRequestError, ask("refusing", stream=True))

    def test_rate_limit_of_the_provider_is_told(self):
        impatient = client(max_retries=0).chat.completions
        error = self.refused(openai.RateLimitError, ask("limiting"), impatient)
        self.assertEqual(error.code, "rate_limit_exceeded")
        self.assertTrue(50 <= int(error.response.headers["retry-after"]) <= 60)

    def test_failing_provider_is_a_server_error_and_is_not_tried_again(self):
        before = served(model("down"))
        error = self.refused(openai.InternalServerError, ask("down"))
        self.assertEqual(error.status_code, 502)
        self.assertEqual(error.code, "upstream_error")
        self.assertEqual(served(model("down")), before + 3)

    def test_failed_attempts_stay_behind_the_platform(self):
        self.assertTrue(text(chat.create(**ask("flaky"))).startswith("t0"))
        self.assertEqual(served(model("flaky")), 3)

    def test_limited_client_comes_back_when_it_was_told(self):
        before = answered("rate_limit_exceeded")
        self.assertTrue(text(chat.create(**ask("limited"))).startswith("t0"))
        # Had it come back too early, it would have been refused again.
        self.assertEqual(answered("rate_limit_exceeded"), before + 1)

    def test_client_of_an_unavailable_model_comes_back(self):
        before = answered("model_unavailable")
        self.assertTrue(streamed(chat.create(**ask("locked-out", stream=True))).startswith("t0"))
        self.assertEqual(answered("model_unavailable"), before + 1)
