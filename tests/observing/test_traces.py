"""Spans, read from OpenTelemetry's own in-memory exporter."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes, url_attributes, user_attributes
from opentelemetry.semconv.attributes import error_attributes, http_attributes, server_attributes
from opentelemetry.trace import SpanKind, StatusCode

from tests.observing.conftest import SECRET, client_of
from tests.sagas.conftest import world as world
from tests.sagas.world import World, connected
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_observers import CREATED, Recorder
from tests.unit.runtime.test_statuses import ISSUE
from unified import comments
from unified import tasks as real
from unified_platform.observability import Traces
from unified_platform.sagas import NOTHING, Saga, SagaFailed, Sagas
from unified_runtime import AsyncClient, Client, acting, basic, using
from unified_runtime.core import errors


class Recorded:
    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = self.provider.get_tracer("application")

    @property
    def spans(self) -> list[ReadableSpan]:
        return sorted(self.exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def below(self, parent: ReadableSpan) -> list[ReadableSpan]:
        assert parent.context is not None
        return [span for span in self.spans if span.parent is not None and span.parent.span_id == parent.context.span_id]

    def one_tree(self) -> ReadableSpan:
        """Return the root of all spans, each of which has its parent among them."""
        ids = {span.context.span_id for span in self.spans if span.context is not None}
        roots = [span for span in self.spans if span.parent is None]
        assert len(roots) == 1, [span.name for span in roots]
        assert all(span.parent is None or span.parent.span_id in ids for span in self.spans)
        assert len({span.context.trace_id for span in self.spans if span.context is not None}) == 1
        return roots[0]


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_call_is_a_span_with_one_for_each_attempt(recorded: Recorded, server: Loopback) -> None:
    server.answers(CREATED, Reply(503), Reply.of(ISSUE))
    observer = Recorder()
    client = client_of(server, Traces(recorded.provider), observer)
    with recorded.tracer.start_as_current_span("agent"), acting(agent="helper", on_behalf_of="alice"), using(client):
        tasks.create(title="x", project_id="P")
    root = recorded.one_tree()
    (call,) = recorded.below(root)
    assert (call.name, call.kind, call.status.status_code) == ("execute_tool tasks.create", SpanKind.INTERNAL, StatusCode.UNSET)
    given = attributes(call)
    assert given[gen_ai_attributes.GEN_AI_OPERATION_NAME] == "execute_tool"
    assert given[gen_ai_attributes.GEN_AI_TOOL_NAME] == "tasks.create"
    assert given[gen_ai_attributes.GEN_AI_AGENT_ID] == "helper"
    assert (given["unified.vendor"], given["unified.outcome"], given["unified.attempts"]) == ("acme", "ok", 3)
    made, failed, read = recorded.below(call)
    assert [span.name for span in (made, failed, read)] == ["POST /rest/issue", "GET /rest/issue/{key}", "GET /rest/issue/{key}"]
    assert {span.kind for span in (made, failed, read)} == {SpanKind.CLIENT}
    http = attributes(failed)
    assert http[http_attributes.HTTP_REQUEST_METHOD] == "GET"
    assert http[http_attributes.HTTP_RESPONSE_STATUS_CODE] == 503
    assert http[error_attributes.ERROR_TYPE] == "503"
    assert http[url_attributes.URL_TEMPLATE] == "/rest/issue/{key}"
    assert f"http://{http[server_attributes.SERVER_ADDRESS]}:{http[server_attributes.SERVER_PORT]}" == server.url
    assert attributes(read)[http_attributes.HTTP_REQUEST_RESEND_COUNT] == 1
    assert http_attributes.HTTP_REQUEST_RESEND_COUNT not in http
    assert (failed.status.status_code, read.status.status_code) == (StatusCode.ERROR, StatusCode.UNSET)
    record = observer.only
    assert call.context is not None
    assert record.trace_id == f"{call.context.trace_id:032x}"
    assert record.span_id == f"{call.context.span_id:016x}"
    assert [attempt.span_id for attempt in record.attempts] == [
        f"{span.context.span_id:016x}" for span in (made, failed, read) if span.context
    ]


def test_an_error_is_on_the_span_and_names_the_trace(recorded: Recorded, server: Loopback) -> None:
    server.answers(Reply.of({"errorMessages": [f"no {SECRET}"]}, 404))
    with acting(user="alice"):
        client = Client(settings=QUICK, observers=Traces(recorded.provider))
        client.connect(VENDOR, basic("me", SECRET), server=server.url, user="alice")
        with using(client), pytest.raises(errors.NotFound) as caught:
            tasks.get("P-1")
    call = recorded.one_tree()
    assert call.context is not None
    assert caught.value.trace_id == f"{call.context.trace_id:032x}"
    assert attributes(call)[error_attributes.ERROR_TYPE] == "not_found"
    assert attributes(call)[user_attributes.USER_ID] == "alice"
    assert call.status.status_code is StatusCode.ERROR
    assert SECRET not in "".join(span.to_json() for span in recorded.spans)


def test_a_caller_that_leaves_ends_its_spans(recorded: Recorded, server: Loopback) -> None:
    server.answers(Reply(delay=5))

    async def left() -> None:
        client = AsyncClient(settings=QUICK, observers=Traces(recorded.provider))
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        async with using(client):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(tasks.get.asynchronous("P-1"), 0.2)
            await client.aclose()

    asyncio.run(left())
    call, attempt = recorded.spans
    assert attributes(call)["unified.outcome"] == "abandoned"
    assert attempt.end_time is not None
    assert attempt.status.status_code is StatusCode.ERROR


def test_calls_side_by_side_do_not_mix(recorded: Recorded, server: Loopback) -> None:
    server.answers(*[Reply.of(ISSUE)] * 10)

    async def many() -> None:
        client = AsyncClient(settings=QUICK, observers=Traces(recorded.provider))
        client.connect(VENDOR, basic("me", "password"), server=server.url)

        async def one(number: int) -> None:
            with recorded.tracer.start_as_current_span(f"task {number}"):
                await tasks.get.asynchronous("P-1")

        async with using(client):
            await asyncio.gather(*[one(number) for number in range(10)])
            await client.aclose()

    asyncio.run(many())
    roots = [span for span in recorded.spans if span.parent is None]
    assert len(roots) == 10
    for root in roots:
        (call,) = recorded.below(root)
        assert len(recorded.below(call)) == 1


def test_vendors_are_sent_the_trace_only_if_configured(recorded: Recorded, server: Loopback) -> None:
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    with using(client_of(server, Traces(recorded.provider))):
        tasks.get("P-1")
    with using(client_of(server, Traces(recorded.provider, to_vendors=True))):
        tasks.get("P-1")
    assert "traceparent" not in server.seen[0].headers
    attempt = recorded.spans[-1].context
    assert attempt is not None
    assert server.seen[1].headers["traceparent"] == f"00-{attempt.trace_id:032x}-{attempt.span_id:016x}-{attempt.trace_flags:02x}"


# ------------------------------------------------------------------------------------------------ sagas
def five(world: World, recorded: Recorded, tmp_path: Path, *, refuse: bool = False) -> None:
    """Run a saga of five steps, started inside a span of the application."""
    client = Client(
        settings=QUICK, connections=connected(world.url).connections, observers=(Traces(recorded.provider), observer := Recorder())
    )
    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=client)

    @sagas.saga("five")
    def steps(s: Saga) -> None:
        first = s.run(real.create, title="A", via="todoist")
        second = s.run(real.create, title="B", via="todoist")
        s.run(real.update, first.id, title="A2", via="todoist")
        s.run(comments.create, task_id=second.id, body="Hello", via="todoist", undo=NOTHING)
        s.run(real.create, title="C", via="todoist")

    if refuse:
        world.refused = {"C"}
    with sagas, recorded.tracer.start_as_current_span("application"):
        run = steps.start("s-five")
        if refuse:
            with pytest.raises(SagaFailed):
                run.result()
        else:
            run.result()
    assert {record.saga for record in observer.records} == {"s-five"}


def test_the_spans_of_a_saga_are_one_tree(world: World, recorded: Recorded, tmp_path: Path) -> None:
    five(world, recorded, tmp_path)
    (saga,) = recorded.below(recorded.one_tree())
    assert saga.name == "invoke_workflow five"
    assert attributes(saga)["unified.saga.id"] == "s-five"
    calls = [span.name.removeprefix("execute_tool ") for span in recorded.below(saga)]
    assert calls == ["tasks.create", "tasks.create", "tasks.get", "tasks.update", "comments.create", "tasks.create"]
    assert all(attributes(span)["unified.saga.id"] == "s-five" for span in recorded.below(saga))
    assert all(len(recorded.below(call)) >= 1 for call in recorded.below(saga))


def test_compensations_are_in_the_trace_of_their_saga(world: World, recorded: Recorded, tmp_path: Path) -> None:
    five(world, recorded, tmp_path, refuse=True)
    (saga,) = recorded.below(recorded.one_tree())
    calls = [span.name.removeprefix("execute_tool ") for span in recorded.below(saga)]
    assert calls[6:] == ["tasks.update", "tasks.delete", "tasks.delete"]
    assert calls[5] == "tasks.create"
    assert attributes(recorded.below(saga)[5])["error.type"] == "rejected"


# ------------------------------------------------------------------------------------------------ no SDK
def test_without_an_sdk_nothing_is_made_and_calls_go_on(server: Loopback) -> None:
    server.answers(Reply.of(ISSUE))
    code = f"""
import sys
sys.modules["opentelemetry.sdk"] = None
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from unified_platform.observability import Traces
from unified_runtime import Client, basic, using
client = Client(observers=Traces())
client.connect(VENDOR, basic("me", "p"), server={server.url!r})
with using(client):
    print(tasks.get("P-1").id)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "P-1\n", done.stderr


def test_without_an_sdk_a_trace_from_elsewhere_is_handed_on(server: Loopback) -> None:
    """The application uses only the API for tracing: its trace id is passed on as permitted, and no span of ours is reported."""
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    code = f"""
from opentelemetry import context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from unified_platform.observability import Traces
from unified_runtime import Client, basic, using

class Recorder:
    def ended(self, record):
        print(record.trace_id)

client = Client(observers=(Traces(to_vendors=True), Recorder()))
client.connect(VENDOR, basic("me", "p"), server={server.url!r})
with using(client):
    tasks.get("P-1")
    token = context.attach(TraceContextTextMapPropagator().extract({{"traceparent": "00-{"a" * 32}-{"b" * 16}-01"}}))
    tasks.get("P-1")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == f"None\n{'a' * 32}\n", done.stderr
    assert "traceparent" not in server.seen[0].headers
    assert server.seen[1].headers["traceparent"] == f"00-{'a' * 32}-{'b' * 16}-01"
