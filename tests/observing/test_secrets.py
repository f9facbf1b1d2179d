"""One secret, echoed by a vendor in every possible field: no event, span, metric, body or record holds it, on either side of a broker."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry, generate_latest

from tests.broker.conftest import BrokerCaller, any_key, keys, running
from tests.unit.runtime import tasks
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_observers import Recorder
from unified_platform.broker.parts import Broker
from unified_platform.observability import BodyLogging, Logs, Metrics, Traces
from unified_runtime import api_key, basic, bearer, configure
from unified_runtime.core.errors import UnifiedError

__all__ = ["any_key", "keys", "running"]

SECRET = "sentinel/4f7c+1e9b=2d password"


def echoes(form: str) -> list[Reply]:
    """Return responses of every kind that repeat the secret in one of its forms."""
    body = {"key": "P-1", "fields": {"summary": form}, "errorMessages": [f"no {form}"], "errors": {form: form}}
    headers = {"X_Request_Id": form, "ETag": form, "Retry_After": "0"}
    return [
        Reply(200, "".join(f"\\u{ord(c):04x}" for c in form).join(('{"key":"P-1","fields":{"summary":"', '"}}')).encode()),
        *[Reply.of(body, status, **headers) for status in (200, 400, 401, 403, 404, 409, 418, 429, 500)],
        Reply(302, headers={"Location": f"/other?key={form}"}),
        Reply(200, f"<html>{form}".encode(), {"X-Request-Id": form}),
        Reply(hang_up=True),
        Reply(raw=f"HTTP/1.1 200 {form}\r\nX-Request-Id: {form}\r\nContent-Length: 5\r\n\r\nx".encode()),
    ]


@pytest.fixture(params=["sync", "async", "broker-sync", "broker-async"])
def caller(request: pytest.FixtureRequest, server: Loopback) -> Caller:
    where, _, mode = request.param.rpartition("-")
    if not where:
        return Caller("default", mode)
    broker: tuple[Broker, str] = request.getfixturevalue("running")
    return BrokerCaller(mode, *broker, request.getfixturevalue("any_key"))


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("basic", lambda secret: basic("me", secret)),
        ("bearer", bearer),
        ("key", lambda secret: api_key(key=secret, token=f"second-{secret}")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_observer_shows_a_secret(
    caller: Caller, server: Loopback, name: str, make: Callable[[str], Any], caplog: pytest.LogCaptureFixture
) -> None:
    secret = SECRET if name == "basic" else SECRET.replace(" ", "_")
    stream, exporter, provider, registry, observer = (
        io.StringIO(),
        InMemorySpanExporter(),
        TracerProvider(),
        CollectorRegistry(),
        Recorder(),
    )
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    caller.connect(server.url, make(secret), values={"cloud_id": "1"} if name == "bearer" else {})
    pipelines = Logs(stream, form="json"), Logs(stream, form="console"), BodyLogging(stream, form="json")
    configure(observers=[*pipelines, Traces(provider), Metrics(registry, vendors=["acme"]), observer])
    responses = 0
    with caplog.at_level(logging.DEBUG):
        for form in (secret, quote(secret, safe="")):
            for reply in echoes(form):
                server.script.clear()
                server.answers(*[reply] * 4)
                try:
                    caller.run(tasks.get, "P-1")
                    responses += 1
                except UnifiedError:
                    pass
    shown = [stream.getvalue(), *(span.to_json() for span in exporter.get_finished_spans()), generate_latest(registry).decode()]
    shown += [repr(record) for record in observer.records]
    shown += [record.getMessage() for record in caplog.records if record.name.startswith("unified")]
    assert responses == 4
    assert len(observer.records) >= 26
    text = "\n".join(shown)
    assert "•••" in text
    for form in (secret, quote(secret, safe=""), quote(secret, safe="").lower(), secret.replace("/", "\\/")):
        assert form not in text
