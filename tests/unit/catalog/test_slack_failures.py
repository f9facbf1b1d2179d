"""Slack says `ok: false` with status 200. No operation reads it as success, whatever stands beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.catalog.test_answers import connection, inputs, operations
from unified_platform import arguments, catalog
from unified_runtime import Client, Forbidden, HTTPRequest, NotFound, RateLimited, Response, Settings, Unauthorized, UnifiedError
from unified_runtime.operations import Listing
from unified_runtime.pacing.budgets import Unlimited
from unified_runtime.vendors import load

OPERATIONS = [name for vendor, name in operations() if vendor == "slack"]
KINDS = {
    "channel_not_found": NotFound,
    "message_not_found": NotFound,
    "invalid_auth": Unauthorized,
    "missing_scope": Forbidden,
    "ratelimited": RateLimited,
}


class _Failing:
    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    def send(self, request: HTTPRequest) -> Response:
        return Response(200, [(b"content-type", b"application/json")], json.dumps(self.body).encode(), request.url)

    def close(self) -> None: ...


def _called(name: str, body: dict[str, Any]) -> None:
    operation = arguments.operation(name, catalog.names(catalog.load()))
    client = Client(_Failing(body), budget=Unlimited(), settings=Settings(attempts=1))
    client.connections.add(connection(load("slack")))
    invocation = operation.bind(inputs(name, "slack"))
    if isinstance(operation, Listing):
        list(client.list(operation, invocation))
    else:
        client.run(operation, invocation)


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(code=st.sampled_from([*KINDS, "fatal_error", "no_such_code", ""]) | st.text(max_size=20), more=st.booleans())
def test_a_false_in_an_answer_is_a_failure(name: str, code: str, more: bool) -> None:
    message = {"type": "message", "ts": "1893456000.000100", "text": "x", "user": "U012345678"}
    channel = {"id": "C012345678", "name": "x"}
    beside = {
        "message": message,
        "messages": [message],
        "channel": channel,
        "channels": [channel],
        "members": [],
        "ts": "1893456000.000100",
    }
    with pytest.raises(UnifiedError) as failed:
        _called(name, {"ok": False, "error": code, **(beside if more else {})})
    assert (failed.value.vendor, failed.value.operation) == ("slack", name)
    if code in KINDS:
        assert isinstance(failed.value, KINDS[code])
