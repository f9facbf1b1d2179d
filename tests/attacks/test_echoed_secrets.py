"""A vendor that echoes the credential in unusual positions: keys, headers and their names, file names, malformed responses, telemetry."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry, generate_latest
from structlog.testing import capture_logs

import unified
from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.observability import Logs, Metrics, Traces
from unified_platform.tools import tools
from unified_runtime import Client, UnifiedError, api_key, using

SECRET = "sentinel-5c77d0a1b2c3d4e5"


@pytest.fixture
def own(caller: Caller, server: Loopback) -> Caller:
    caller.connect(server.url, api_key(key="public-key-1", token=SECRET), scheme="keys")
    return caller


def raw(text: str) -> Reply:
    return Reply(raw=text.replace("\n", "\r\n").encode("latin-1"))


BODY = json.dumps(ISSUE)
MALFORMED = {
    "status line": raw(f"HTTP/1.1 200 {SECRET}\nContent-Length: 2\n\n{{]"),
    "no HTTP": raw(f"{SECRET}\n\n"),
    "version": raw(f"HTTP/{SECRET} 200 OK\n\n"),
    "status": raw(f"HTTP/1.1 {SECRET} OK\n\n"),
    "header name": raw(f"HTTP/1.1 200 OK\n{SECRET} : x\nContent-Length: 0\n\n"),
    "header name with a valid form": raw(f"HTTP/1.1 500 No\n{SECRET}: x\nContent-Length: 0\n\n"),
    "header without a colon": raw(f"HTTP/1.1 200 OK\n{SECRET}\nContent-Length: 0\n\n"),
    "content length": raw(f"HTTP/1.1 200 OK\nContent-Length: {SECRET}\n\n"),
    "transfer encoding": raw(f"HTTP/1.1 200 OK\nTransfer-Encoding: {SECRET}\n\n"),
    "chunk size": raw(f"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n{SECRET}\n"),
    "content encoding": raw(f"HTTP/1.1 200 OK\nContent-Encoding: {SECRET}\nContent-Length: 2\n\n{{}}"),
    "content type": Reply(200, b"<html>", {"Content-Type": f"text/{SECRET}"}),
    "charset": Reply(200, b"\xff{", {"Content-Type": f"application/json; charset={SECRET}"}),
    "location": Reply(302, b"", {"Location": f"https://{SECRET}.evil.example/{SECRET}?x={SECRET}#{SECRET}"}),
    "location with a user": Reply(307, b"", {"Location": f"https://me:{SECRET}@evil.example/"}),
    "location that is not one": Reply(302, b"", {"Location": f"{SECRET}:\\\\[{SECRET}"}),
    "retry after": Reply(429, b"{}", {"Retry-After": SECRET}),
    "authenticate": Reply(401, b"{}", {"WWW-Authenticate": f'Bearer realm="{SECRET}", error="{SECRET}"'}),
    "request id": Reply(404, b"{}", {"X-Request-Id": SECRET, "X-Trace-Id": SECRET}),
    "reason": raw(f"HTTP/1.1 404 {SECRET}\nContent-Length: 2\n\n{{}}"),
    "keys of an error": Reply.of({"errors": {SECRET: {SECRET: [SECRET]}}, "errorMessages": [{SECRET: SECRET}]}, 400),
    "a key instead of a record": Reply.of({SECRET: 1}),
    "a value of a wrong type": Reply.of(ISSUE | {"fields": {"summary": {SECRET: SECRET}, "status": SECRET}}),
    "JSON that ends early": Reply(200, f'{{"{SECRET}": '.encode()),
    "text": Reply(200, SECRET.encode()),
    "a plain error": Reply(500, f"{SECRET} Traceback {SECRET}".encode(), {"Content-Type": "text/plain"}),
}


def _result(call: Callable[[], Any]) -> str:
    """Return the visible outcome of a call: its value, or its error."""
    try:
        return repr(call())
    except UnifiedError as error:
        return shown(error)


def shown(error: BaseException) -> str:
    parts = [str(error), repr(error), repr(error.__dict__), "".join(traceback.format_exception(error))]
    return "\n".join(parts)


@pytest.mark.parametrize("position", MALFORMED)
@pytest.mark.parametrize("operation", ["get", "update", "list"])
def test_no_error_shows_it(own: Caller, server: Loopback, position: str, operation: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers(*[MALFORMED[position]] * 4)
    made: dict[str, Callable[[], Any]] = {
        "get": lambda: own.run(tasks.get, "P-1"),
        "update": lambda: own.run(tasks.update, "P-1", title="x"),
        "list": lambda: own.list(tasks.list),
    }
    assert SECRET not in _result(made[operation])
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith(("asyncio", "tests"))]
    assert SECRET not in "\n".join(logged)


def test_keys_of_a_record_do_not_show_it(own: Caller, server: Loopback) -> None:
    fields = ISSUE["fields"] | {SECRET: 1, f"x{SECRET}y": {SECRET: [SECRET]}}
    server.answers(Reply.of(ISSUE | {"fields": fields, SECRET: SECRET}))
    task = own.run(tasks.get, "P-1")
    assert SECRET not in json.dumps(dict(task.raw), default=dict)
    assert SECRET not in repr(task.raw)
    assert SECRET not in task.model_dump_json()


def test_the_link_of_a_next_page_does_not_show_it(server: Loopback) -> None:
    client = Client(settings=QUICK)
    client.connect("github", unified.bearer(SECRET), server=server.url)
    link = f'<{server.url}/issues?page=2&{SECRET}={SECRET}>; rel="next"; title="{SECRET}"'
    server.answers(Reply(200, b"[]", {"Link": link, "Content-Type": "application/json"}), *[Reply(500)] * 4)
    with using(client):
        pages = unified.tasks.list(via="github").pages()
        cursor = next(pages).cursor
        assert cursor is not None
        with pytest.raises(UnifiedError) as caught:
            next(pages)
    assert SECRET not in shown(caught.value)
    assert SECRET not in cursor


@pytest.mark.parametrize("name", [f"{SECRET}.txt", f"x{SECRET}"])
def test_the_name_of_a_file_does_not_show_it(server: Loopback, name: str) -> None:
    client = Client(settings=QUICK)
    client.connect("google-drive", unified.bearer(SECRET), server=server.url, user="alice")
    box = tools(user="alice", agent="helper", client=client)
    server.answers(Reply.of({"id": "1", "name": name, "mimeType": f"text/{SECRET}", "size": "1"}))
    result = box.call("files_get", {"id": "1"})
    assert SECRET not in result.text + repr(result.data)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": f"text/{SECRET}"}
    server.answers(Reply.of({"size": "1"}), Reply(200, b"x", disposition))
    with using(client), unified.acting(user="alice"):
        download = unified.files.download("1", via="google-drive")
        assert download.read() == b"x"
    assert SECRET not in repr(download) + repr([getattr(download, part) for part in dir(download) if part[0] != "_" and part != "read"])
    server.answers(Reply.of({"size": "1"}), Reply(200, b"x", disposition))
    result = box.call("files_download", {"id": "1"})
    assert SECRET not in result.text + repr(result.data)


@pytest.mark.parametrize("position", MALFORMED)
def test_no_span_label_or_event_shows_it(server: Loopback, position: str) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    metrics = Metrics(CollectorRegistry())
    own = Caller("default", "sync")
    own.connect(server.url, api_key(key="public-key-1", token=SECRET), scheme="keys")
    with capture_logs() as events:
        client = Client(settings=QUICK, connections=own.connections, observers=[Traces(provider), metrics, Logs()])
        server.answers(*[MALFORMED[position]] * 4)
        with using(client):
            assert SECRET not in _result(lambda: tasks.get("P-1"))
    spans = exporter.get_finished_spans()
    assert spans
    assert SECRET not in "".join(span.to_json() for span in spans)
    assert SECRET not in generate_latest(metrics.registry).decode()
    assert SECRET not in repr(events)
