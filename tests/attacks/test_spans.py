"""Spans are read by people and systems that may not see the texts of callers and vendors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.broker.conftest import find
from tests.support.brokers import serving
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.approvals.store import ApprovalStore
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.observability import open_observability
from unified_platform.broker.parts import Broker
from unified_platform.observability import Traces
from unified_runtime import AsyncClient, Connection, PolicyEnforcer, basic
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.wire import protocol
from unified_runtime.rate_limits.rate_limiter import Unlimited

SECRET = "sentinel-8c21 of a caller"


@pytest.mark.parametrize("kind", ["saga", "request"])
def test_the_text_of_an_exception_is_not_in_a_span(kind: str) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traces = Traces(provider)
    opened = traces.around("saga", "onboard", "1", {}) if kind == "saga" else traces.serving("POST", "/v1/call")
    with pytest.raises(KeyError), opened:
        raise KeyError(SECRET)
    (span,) = exporter.get_finished_spans()
    assert SECRET not in span.to_json()
    assert span.attributes is not None
    assert span.attributes["error.type"] == "KeyError"
    assert span.status.status_code.name == "ERROR"
    assert not span.events


CAME = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def broker(server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str, InMemorySpanExporter]]:
    """The URL of a broker with traces, a key of it, and the spans."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    store = open_store(tmp_path / "control.db")
    seen = open_observability(Config(trace="calls"), ApprovalStore(store))
    known = Connections()
    known.add(Connection(VENDOR, basic("me", "password"), {}, server=server.url))
    client = AsyncClient(connections=known, observers=seen.observers[0])
    keys = KeyStore(store)
    key = keys.create(Scope("helper", ("*",), ("*",), ("*",)), lifetime=None)[1].reveal()
    made = Broker(Calls(client, PolicyEnforcer(KeyScopePolicy()), Unlimited(), find=find), Identity(keys), middleware=seen.middleware)
    with serving(made) as url:
        yield url, key, exporter


@pytest.mark.parametrize("path", [protocol.CALL, protocol.MANY, protocol.UPLOAD, protocol.SAGA, protocol.TOOLS, "/health", "/nothing"])
@pytest.mark.parametrize("shown", [None, "Bearer uak_0000000000000000_wrong", "Bearer e30.e30.e30", "Basic bWU6cGFzc3dvcmQ="])
def test_a_client_that_is_not_authenticated_continues_no_trace(
    broker: tuple[str, str, InMemorySpanExporter], path: str, shown: str | None
) -> None:
    url, _, exporter = broker
    headers = {"traceparent": CAME, "tracestate": "vendor=sentinel", **({"Authorization": shown} if shown else {})}
    status = httpx2.request("GET" if path[:2] != "/v" else "POST", url + path, content=b"{}", headers=headers).status_code
    (span,) = exporter.get_finished_spans()
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == status
    assert span.parent is None
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" != "a" * 32
    assert not span.context.trace_state


def test_an_authenticated_client_continues_its_trace(broker: tuple[str, str, InMemorySpanExporter], server: Loopback) -> None:
    url, key, exporter = broker
    server.answers(Reply.of(ISSUE))
    body = json.dumps({"operation": "tasks.get", "input": {"id": "PROJ-1"}, "acting": {}})
    headers = {"traceparent": CAME, "Authorization": f"Bearer {key}"}
    assert httpx2.post(url + protocol.CALL, content=body, headers=headers).status_code == 200
    spans = exporter.get_finished_spans()
    assert [span.name for span in spans] == ["GET /rest/issue/{key}", "execute_tool tasks.get", "POST /v1/call"]
    assert {f"{span.context.trace_id:032x}" for span in spans if span.context is not None} == {"a" * 32}
    assert spans[-1].parent is not None
    assert f"{spans[-1].parent.span_id:016x}" == "b" * 16
    assert spans[-1].start_time is not None
    assert spans[0].start_time is not None
    assert spans[-1].start_time < spans[0].start_time
