"""The log of calls: its content, that no line of it can be forged, and that it is separate from an application's own logging."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from tests.observing.conftest import SECRET, client_of
from tests.unit.runtime import tasks
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_observers import CREATED
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.observability import BodyLogging, Logs
from unified_platform.observability.body_logging import Redaction
from unified_platform.observability.logs import install
from unified_runtime import CallRecord, InvalidInput, PolicyEnforcer, acting, using
from unified_runtime.core import errors
from unified_runtime.core.observers import AttemptRecord, Begun, Sending
from unified_runtime.core.policy_decisions import deny
from unified_runtime.core.single_line import line


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_call_and_each_attempt_is_an_event(server: Loopback) -> None:
    server.answers(CREATED, Reply(503), Reply.of(ISSUE, X_Request_Id="read-2"))
    stream = io.StringIO()
    with using(client_of(server, Logs(stream))), acting(agent="helper", on_behalf_of="alice"):
        tasks.create(title="x", project_id="P")
    first, second, third, call = lines(stream)
    assert [event["event"] for event in (first, second, third, call)] == ["attempt"] * 3 + ["call"]
    assert [event["level"] for event in (first, second, third, call)] == ["info", "warning", "info", "info"]
    assert (first["operation"], first["endpoint"], first["status"], first["attempt"]) == ("createIssue", "/rest/issue", 201, 1)
    assert (second["status"], third["attempt"], third["request_id"]) == (503, 2, "read-2")
    assert (call["tool_name"], call["vendor"], call["outcome"], call["attempts"]) == ("tasks.create", "acme", "ok", 3)
    assert (call["agent_id"], call["on_behalf_of"], call["operation"]) == ("helper", "alice", "createIssue,getIssue")
    assert call["bytes"] == call["bytes_sent"] + call["bytes_received"] == sum(event["bytes"] for event in (first, second, third))
    assert call["duration_ms"] >= first["duration_ms"]
    assert len({event["call_id"] for event in (first, second, third, call)}) == 1
    assert call["timestamp"].endswith("Z")


def test_an_attempt_is_logged_when_it_is_over_and_not_with_its_call(server: Loopback) -> None:
    """The outcome of a request is in the log before the next one is sent: also for a call that never ends."""
    stream = io.StringIO()
    written: list[list[int]] = []

    class Requesting:
        """Not part of the log: reads its content whenever a request is about to be sent."""

        def begun(self, call: Begun) -> Requesting:
            self.trace_id, self.span_id = "a" * 32, None
            return self

        def sending(self, request: Sending) -> dict[str, str]:
            written.append([event["status"] for event in lines(stream)])
            return {}

        def attempt_ended(self, attempt: AttemptRecord) -> None: ...

        def ended(self, record: CallRecord) -> None: ...

    server.answers(CREATED, Reply(503), Reply.of(ISSUE))
    with using(client_of(server, Logs(stream), Requesting())):
        tasks.create(title="x", project_id="P")
    assert written == [[], [201], [201, 503]]
    assert {event["trace_id"] for event in lines(stream)} == {"a" * 32}


@pytest.mark.parametrize(
    ("reply", "error", "level"), [(Reply(404), errors.NotFound, "warning"), (Reply(401), errors.Unauthorized, "error")]
)
def test_errors_are_logged_by_severity(server: Loopback, reply: Reply, error: Any, level: str) -> None:
    server.answers(reply)
    stream = io.StringIO()
    with using(client_of(server, Logs(stream, attempts=False))), pytest.raises(error):
        tasks.get("P-1")
    (call,) = lines(stream)
    assert (call["level"], call["status"], call["outcome"]) == (level, reply.status, call["outcome"])
    assert call["error"]


def test_denials_are_logged(server: Loopback) -> None:
    stream = io.StringIO()
    client = client_of(server, Logs(stream))
    client._own_policy = PolicyEnforcer(Engine(lambda question: deny("no\ndeleting")))
    with using(client), pytest.raises(errors.Denied):
        tasks.delete("P-1")
    (call,) = lines(stream)
    assert (call["decision"], call["reasons"], call["outcome"]) == ("deny", ["no deleting"], "denied")


# ------------------------------------------------------------------------------------------------ forged lines
NASTY = st.text(st.characters(codec="utf-8"), min_size=1).map(lambda text: f'{text}\n\r\x1b[31m\u2028\u202e{{"event":"call"}}')


@given(text=NASTY)
@pytest.mark.parametrize("form", ["json", "console"])
def test_no_text_makes_a_line_of_its_own(form: Any, text: str) -> None:
    for stream in (io.StringIO(), Terminal()):
        Logs(stream, form=form).ended(record(user=text, error=text, vendor=text, request_id=text, connection=text, reasons=(text,)))
        written = stream.getvalue()
        assert written.count("\n") == 1
        assert written.endswith("\n")
        assert len(written.splitlines()) == 1
        assert "\u202e" not in written
        assert "\x1b[31m{" not in written
        assert "\x1b[31m\\" not in written


@pytest.mark.parametrize("text", ["a\x7fb", "a\u202eb", "\xad", "a\x1bb", "a\x9bb"])
def test_no_character_steers_a_terminal(text: str) -> None:
    stream = io.StringIO()
    Logs(stream, form="json").ended(record(user=text))
    assert stream.getvalue().removesuffix("\n").isprintable()
    assert json.loads(stream.getvalue())["user_id"] == line(text)


def record(**fields: Any) -> CallRecord:
    given: dict[str, Any] = dict.fromkeys(CallRecord.__struct_fields__) | {
        "call_id": "c",
        "tool": "tasks.get",
        "resource": "tasks",
        "effect": "read",
        "started_at": 0.0,
        "duration": 0.5,
        "through_broker": False,
        "circuit_open": False,
        "outcome": "ok",
        "attempts": (),
        "rate_limit_wait": 0.0,
        "retry_wait": 0.0,
        "refreshes": 0,
        "failed_refreshes": 0,
        "reasons": (),
    }
    return CallRecord(**given | fields)


# ------------------------------------------------------------------------------------------------ secrets
def test_no_echoed_secret_is_logged(server: Loopback) -> None:
    echo = {"errorMessages": [f"bad {SECRET}"], "password": SECRET}
    server.answers(Reply.of(echo, 400, X_Request_Id=f"r-{SECRET}"), Reply.of(ISSUE | {"echo": SECRET}))
    stream = io.StringIO()
    with using(client_of(server, Logs(stream), BodyLogging(stream, form="json"), Logs(stream, form="console"))):
        with pytest.raises(errors.Rejected):
            tasks.get("P-1")
        tasks.get("P-1")
    assert "•••" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_bodies_are_logged_on_request_without_secrets(server: Loopback) -> None:
    server.answers(CREATED, Reply.of(ISSUE))
    quiet, stream = io.StringIO(), io.StringIO()
    with using(client_of(server, Logs(quiet), BodyLogging(stream))):
        tasks.create(title="token is Bearer abcdefgh12345678", project_id="P", extra={"acme": {"fields": {"points": 3}}})
    first, second = lines(stream)
    assert first["event"] == "exchange"
    assert "token is" in first["body_sent"]
    assert "abcdefgh12345678" not in first["body_sent"]
    assert json.loads(second["body_received"]) == ISSUE
    assert "body" not in quiet.getvalue()


SECRETS = ("hunter2hunter2", "s3cr3t-value")


@given(
    st.recursive(
        st.sampled_from(SECRETS),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(["password", "Client_Secret", "accessToken", "X-Api-Key", "private-key", "Authorization", "set-cookie"]),
)
def test_fields_with_secret_names_are_redacted(value: Any, name: str) -> None:
    shown = Redaction().shown(json.dumps({"a": [{name: value}], "b": 1}).encode())
    assert shown is not None
    assert json.loads(shown) == {"a": [{name: "•••"}], "b": 1}


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefgh12345678",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghij",
        "-----BEGIN PRIVATE KEY-----\nMIIabcdefgh12345678\n-----END PRIVATE KEY-----",
        "ghp_abcdefgh12345678",
        "https://x.example/?api_token=abcdefgh12345678&a=1",
    ],
)
def test_secret_like_values_are_redacted_in_any_position(text: str) -> None:
    for body in (json.dumps({"note": f"see {text}"}).encode(), f"see {text}".encode()):
        shown = Redaction().shown(body) or ""
        assert "•••" in shown
        assert "abcdefgh" not in shown
        assert "eyJzdWIiOiIxIn0" not in shown


def test_a_long_body_is_truncated_and_a_binary_one_logged_by_its_size() -> None:
    assert (Redaction(most=10).shown(b'{"a":"' + b"x" * 100 + b'"}') or "").startswith('{"a":"xxxx… (')
    assert Redaction().shown(b"\x89PNG\xff\xfe") == "(6 bytes)"
    assert Redaction().shown(b"") is None


# ------------------------------------------------------------------------------------------------ an application's own logging
def test_an_application_that_logs_with_the_standard_library_gets_records(server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    server.answers(Reply.of(ISSUE))
    with using(client_of(server, Logs(logging.getLogger("app.calls")))), caplog.at_level(logging.INFO, "app.calls"):
        tasks.get("P-1")
    attempt, call = caplog.records
    assert (attempt.name, attempt.message, call.message) == ("app.calls", "attempt", "call")
    assert vars(call)["tool_name"] == "tasks.get"
    assert vars(call)["attempts"] == 1


def test_an_application_that_logs_with_structlog_gets_events_through_its_own_processors(server: Loopback) -> None:
    server.answers(Reply.of(ISSUE))
    capture = structlog.testing.LogCapture()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    structlog.contextvars.bind_contextvars(tenant="t1")
    try:
        with using(client_of(server, Logs())):
            tasks.get("P-1")
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.reset_defaults()
    assert [(entry["event"], entry["tenant"]) for entry in capture.entries] == [("attempt", "t1"), ("call", "t1")]


def test_making_a_log_configures_nothing_global() -> None:
    before = (structlog.is_configured(), logging.getLogger().handlers[:], logging.getLogger("unified").handlers[:])
    Logs(io.StringIO())
    BodyLogging(io.StringIO())
    assert (structlog.is_configured(), logging.getLogger().handlers[:], logging.getLogger("unified").handlers[:]) == before


def test_a_process_that_is_ours_logs_everything_to_one_stream(server: Loopback) -> None:
    code = """
import logging, sys
from unified_platform.observability.logs import install
install("json", sys.stdout, "uvicorn.error")
logging.getLogger("unified.broker").warning("not ready:\\n%s", "x\\u2028y")
logging.getLogger("uvicorn.error").warning("stopping")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("unified.sagas").exception("broke")
logging.getLogger("elsewhere").warning("not ours")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(event["logger"], event["event"]) for event in events] == [
        ("unified.broker", "not ready: x y"),
        ("uvicorn.error", "stopping"),
        ("unified.sagas", "broke"),
    ]
    assert "ZeroDivisionError" in events[2]["exception"]
    assert "not ours" in done.stderr


def test_a_form_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match="json or console"):
        Logs(io.StringIO(), form="xml")  # type: ignore[arg-type]


def test_without_structlog_it_states_what_to_install() -> None:
    code = "import sys\nsys.modules['structlog'] = None\nfrom unified_platform.observability import Logs\nLogs()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'unified-apis[observe]'" in done.stderr


def test_colours_are_for_terminals_only(server: Loopback) -> None:
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
    terminal, file = Terminal(), io.StringIO()
    with using(client_of(server, Logs(terminal), Logs(file, form="console"))):
        tasks.get("P-1")
    assert "\x1b[" in terminal.getvalue()
    assert "\x1b[" not in file.getvalue()
    assert "tool_name=tasks.get" in file.getvalue()


def test_installing_twice_does_not_log_twice() -> None:
    found = logging.getLogger("unified")
    before = found.handlers[:], found.propagate
    try:
        install("json", io.StringIO())
        stream = io.StringIO()
        install("json", stream)
        logging.getLogger("unified.x").warning("once")
        assert len(lines(stream)) == 1
    finally:
        found.handlers, found.propagate = before
