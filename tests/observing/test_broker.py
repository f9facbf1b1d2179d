"""Observability of `unified broker serve`: its log, its metrics with access control, and the trace from an agent to a vendor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from tests.broker.test_broker_command import ISSUE, connect, process, unified
from tests.support.brokers import free_port, serving
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_platform.broker.assembly import build
from unified_platform.broker.config import Config
from unified_platform.broker.server import options
from unified_platform.observability import Traces
from unified_runtime import Client, InvalidInput, configure, using
from unified_runtime.core import errors
from unified_runtime.http.network_policy import anywhere

TOKEN = "metrics-sentinel-8c1f"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Environment whose vault, keys and audit log are in the test's folder, for this process and those it starts."""
    import os

    for name, value in {
        "UNIFIED_VAULT": str(tmp_path / "vault.db"),
        "UNIFIED_VAULT_KEY": f"file:{tmp_path / 'vault.key'}",
        "UNIFIED_CONTROL": str(tmp_path / "control.db"),
        "UNIFIED_IDEMPOTENCY": str(tmp_path / "ledger.db"),
        "UNIFIED_USAGE": str(tmp_path / "usage.db"),
        "METRICS_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)
    return dict(os.environ)


def keyed(home: dict[str, str], server: Loopback) -> str:
    connect(home, server)
    key: str = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")["key"]
    return key


def test_a_process_logs_its_calls_and_shows_its_metrics(home: dict[str, str], server: Loopback) -> None:
    key, port = keyed(home, server), free_port()
    server.answers(Reply.of(ISSUE), Reply(404))
    with process(home, "--log", "json", "--metrics", f"127.0.0.1:{port}") as (url, running):
        with using(Client(broker=url, key=key)):
            tasks.get("7")
            with pytest.raises(errors.NotFound):
                tasks.get("8")
        httpx2.post(f"{url}/v1/call", headers={"Authorization": "Bearer wrong"})
        text = httpx2.get(f"http://127.0.0.1:{port}/metrics").text
        running.terminate()
        running.wait(40)
        assert running.stderr is not None
        written = running.stderr.read().decode()
    events = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    calls = [event for event in events if event["event"] == "call"]
    assert [(call["agent_id"], call["user_id"], call["tool_name"], call["vendor"], call["outcome"]) for call in calls] == [
        ("helper", "alice", "tasks.get", "redmine", "ok"),
        ("helper", "alice", "tasks.get", "redmine", "not_found"),
    ]
    assert all(call["connection"] and call["decision"] == "allow" for call in calls)
    assert key not in written + text
    assert 'unified_calls_total{outcome="ok",tool="tasks.get",vendor="redmine"} 1.0' in text
    assert 'unified_broker_requests_total{route="/v1/call",status="200"} 1.0' in text
    assert 'unified_broker_requests_total{route="/v1/call",status="401"} 1.0' in text
    assert "unified_approvals_waiting 0.0" in text


def test_several_processes_of_one_broker_count_together(home: dict[str, str], server: Loopback) -> None:
    key, port = keyed(home, server), free_port()
    server.answers(*[Reply.of(ISSUE)] * 40)
    with process(home, "--workers", "2", "--metrics", f"127.0.0.1:{port}") as (url, _):
        for _ in range(20):  # a connection each, so that both processes get some
            client = Client(broker=url, key=key)
            with using(client):
                tasks.get("7")
            client.close()
        text = httpx2.get(f"http://127.0.0.1:{port}/metrics").text
    assert 'unified_calls_total{outcome="ok",tool="tasks.get",vendor="redmine"} 20.0' in text
    assert "unified_approvals_waiting 0.0" in text


@pytest.fixture(autouse=True)
def reached() -> Iterator[None]:
    """A broker in this process restricts the addresses that the process may connect to."""
    yield
    anywhere()


def test_metrics_of_the_broker_s_own_address_are_for_those_who_show_the_token(home: dict[str, str], server: Loopback) -> None:
    keyed(home, server)
    config = Config(metrics="/metrics", metrics_token_env="METRICS_TOKEN", inside=("127.0.0.1",))
    with serving(build(config)) as url:
        assert httpx2.get(f"{url}/metrics").status_code == 401
        assert httpx2.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 401
        response = httpx2.get(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        form = httpx2.get(
            f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}", "Accept": "application/openmetrics-text; version=1.0.0"}
        )
    assert response.headers["content-type"].startswith("text/plain")
    assert "unified_approvals_waiting 0.0" in response.text
    assert TOKEN not in response.text
    assert form.headers["content-type"].startswith("application/openmetrics-text")
    assert form.text.endswith("# EOF\n")


@pytest.mark.parametrize("named", [None, "NO_SUCH_VARIABLE"])
def test_without_a_token_the_broker_s_own_address_shows_no_metrics(home: dict[str, str], named: str | None) -> None:
    with pytest.raises(InvalidInput, match="metrics_token_env"):
        build(Config(metrics="/metrics", metrics_token_env=named))


def test_a_log_of_our_own_is_not_configured_away(home: dict[str, str]) -> None:
    assert options(Config(log="json"))["log_config"] is None
    assert "log_config" not in options(Config())


def test_a_trace_goes_from_the_agent_through_the_broker_to_the_vendor(
    home: dict[str, str], server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sides run in this process and record their spans together; the connection between them was sent over the wire."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)  # a global provider stays, and every later test would pay for its spans
    key = keyed(home, server)
    server.answers(Reply.of(ISSUE))
    with serving(build(Config(trace="vendors", inside=("127.0.0.1",)))) as url:
        configure(observers=None)
        with using(Client(broker=url, key=key, observers=Traces(provider))):
            tasks.get("7")
    found = exporter.get_finished_spans()
    assert len({span.context.trace_id for span in found if span.context is not None}) == 1
    chain = [next(span for span in found if span.parent is None)]
    while below := [span for span in found if span.parent is not None and span.parent.span_id == chain[-1].context.span_id]:
        chain += below
    assert [(span.name, span.kind) for span in chain[:4]] == [
        ("execute_tool tasks.get", SpanKind.INTERNAL),
        ("POST /v1/call", SpanKind.CLIENT),
        ("POST /v1/call", SpanKind.SERVER),
        ("execute_tool tasks.get", SpanKind.INTERNAL),
    ]
    assert (len(chain), len(found), chain[4].kind) == (5, 5, SpanKind.CLIENT)
    assert [bool((span.attributes or {}).get("unified.through_broker")) for span in (chain[0], chain[3])] == [True, False]
    sent = server.seen[0].headers["traceparent"]
    assert re.fullmatch(rf"00-{chain[-1].context.trace_id:032x}-{chain[-1].context.span_id:016x}-0\d", sent)
