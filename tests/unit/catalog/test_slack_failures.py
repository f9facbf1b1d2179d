"""Slack's `ok: false` with status 200: no operation reads it as success, with any other fields."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.catalog.test_responses import connection, inputs, operations
from unified_platform.catalog.operations import find_operation
from unified_runtime import Client, Forbidden, HTTPRequest, NotFound, RateLimited, Response, Settings, Unauthorized, UnifiedError
from unified_runtime.client.operations import Listing
from unified_runtime.core.vendors import load
from unified_runtime.rate_limits.rate_limiter import Unlimited

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
    operation = find_operation(name)
    client = Client(_Failing(body), rate_limiter=Unlimited(), settings=Settings(attempts=1))
    client.connections.add(connection(load("slack")))
    invocation = operation.bind(inputs(name, "slack"))
    if isinstance(operation, Listing):
        list(client.list(operation, invocation))
    else:
        client.run(operation, invocation)


@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(code=st.sampled_from([*KINDS, "fatal_error", "no_such_code", ""]) | st.text(max_size=20), more=st.booleans())
def test_a_false_in_a_response_is_a_failure(name: str, code: str, more: bool) -> None:
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
