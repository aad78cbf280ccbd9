# SPDX-License-Identifier: Apache-2.0
# Copyright the UPLION authors
"""What all files share: the SDK as a user would set it up, and what the other side has seen."""

import os
import urllib.request

from openai import OpenAI

EIGHT_TOKENS = "t0 t1 t2 t3 t4 t5 t6 t7"


def settings(**more):
    return {"base_url": os.environ["BASE_URL"], "api_key": os.environ["API_KEY"], **more}


def client(**more):
    return OpenAI(**settings(**more))


def model(behaviour):
    """The model of this client that behaves so."""
    return behaviour if behaviour == "simulator" else f"{os.environ['CLIENT']}-{behaviour}"


def ask(behaviour, **more):
    messages = [{"role": "user", "content": "Say something."}]
    return {"model": model(behaviour), "messages": messages, **more}


def text(completion):
    return completion.choices[0].message.content


def streamed(chunks):
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def _control(path):
    with urllib.request.urlopen(f"{os.environ['CONTROL_URL']}/{path}", timeout=10) as answer:
        return answer.read().decode()


def served(name):
    """How many requests for the model the provider has ended."""
    return int(_control(f"served/{name}"))


def last_body(name):
    """The body of the newest request that the provider has got for the model."""
    return _control(f"last-body/{name}")


def answered(code):
    """How many errors with this code the platform has answered."""
    return int(_control(f"answered/{code}"))


def await_gone(name):
    """The client of the newest request for the model has gone: within 2 s nobody works for it."""
    _control(f"await-gone/{name}")
