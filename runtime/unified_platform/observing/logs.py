"""One event for every call and for each of its attempts, by structlog (https://www.structlog.org): JSON, or colours on a terminal.

Nothing global is configured: an application's own logging goes on as it is, and the events can go into it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TextIO

import msgspec

from unified_platform.extras import extra
from unified_runtime.errors import InvalidInput
from unified_runtime.lines import line

if TYPE_CHECKING:
    from unified_runtime.observing import AttemptRecord, Begun, CallRecord

Form = Literal["json", "console"]

_QUIET = {"ok": "info"}
_LOUD = {"internal_error", "unavailable", "unconfirmed", "unauthorized", "vendor_protocol_error"}
"""Outcomes that somebody has to look after; what else is no success is the caller's own matter, and a warning."""

Event = dict[str, Any]
Write = Callable[[str, Event], object]
"""Writes an event of a level, which is then its own; what it says stands under `event`."""


class Logs:
    """Writes an event for each attempt when it is over, and one for each call when it has ended.

    Args:
        to: where events go: a stream, a logger of structlog or of the standard library. By default the application's structlog, if that is
            configured, else standard error.
        form: how a stream is written, `json` or `console`; by default colours on a terminal and JSON elsewhere.
        attempts: whether attempts have events of their own.

    Raises:
        InvalidInput: structlog is not installed, or there is no such form.
    """

    def __init__(self, to: Any = None, *, form: Form | None = None, attempts: bool = True) -> None:
        self._write = writer(to, form)
        self._attempts = attempts

    def attempted(self, call: Begun, attempt: AttemptRecord) -> None:
        if self._attempts:
            event = common_of(call, attempt.vendor, attempt.connection) | attempt_of(attempt)
            event["event"] = "attempt"
            self._write("warning" if attempt.failed else "info", event)

    def ended(self, record: CallRecord) -> None:
        event = common_of(record, record.vendor, record.connection) | _call_of(record)
        event["event"] = "call"
        self._write(_QUIET.get(record.outcome) or ("error" if record.outcome in _LOUD else "warning"), event)


def common_of(call: Begun | CallRecord, vendor: str | None, connection: str | None) -> Event:
    """What names a call in each event that belongs to it."""
    return told(
        call_id=call.call_id,
        trace_id=call.trace_id,
        agent_id=call.agent,
        user_id=call.user,
        on_behalf_of=call.on_behalf_of,
        tool_name=call.tool,
        vendor=vendor,
        connection=connection,
        saga_id=call.saga,
    )


def _call_of(record: CallRecord) -> Event:
    attempts, sent, received = record.attempts, record.bytes_sent, record.bytes_received
    last = attempts[-1] if attempts else None
    return told(
        span_id=record.span_id,
        operation=",".join(dict.fromkeys(attempt.operation for attempt in attempts if attempt.operation is not None)) or None,
        outcome=record.outcome,
        status=record.status or (None if last is None else last.status),
        error=record.error,
        duration_ms=milliseconds(record.duration),
        attempts=len(attempts),
        request_id=record.request_id,
        bytes=sent + received,
        bytes_sent=sent,
        bytes_received=received,
        budget_wait_ms=milliseconds(record.budget_wait) or None,
        retry_wait_ms=milliseconds(record.retry_wait) or None,
        refreshes=record.refreshes or None,
        failed_refreshes=record.failed_refreshes or None,
        decision=record.decision,
        reasons=[line(reason) for reason in record.reasons] or None,
        approval=record.approval,
        idempotency_key=record.key,
        items=record.items,
        remote=record.remote or None,
    )


def attempt_of(attempt: AttemptRecord) -> Event:
    """The fields of one attempt."""
    return told(
        span_id=attempt.span_id,
        operation=attempt.operation,
        attempt=attempt.number,
        method=attempt.method,
        endpoint=attempt.endpoint,
        host=attempt.host,
        status=attempt.status,
        error=attempt.error,
        duration_ms=milliseconds(attempt.duration),
        waited_ms=milliseconds(attempt.waited) or None,
        request_id=attempt.request_id,
        bytes=attempt.bytes_sent + attempt.bytes_received,
    )


def told(**fields: Any) -> Event:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


# -------------------------------------------------------------------------------------------------------- where events go
def writer(to: Any = None, form: Form | None = None) -> Write:
    """What writes events where it is told to, and takes nothing else into its hands.

    Raises:
        InvalidInput: structlog is not installed, or there is no such form.
    """
    structlog = extra("structlog", "observe", "a log of calls")
    if form not in {None, "json", "console"}:
        raise InvalidInput(f"a log is json or console, not {form!r}")
    if to is None and form is None and structlog.is_configured():
        return _by(structlog.get_logger("unified"))
    if isinstance(to, logging.Logger):
        return _by(
            structlog.wrap_logger(
                to,
                processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
                wrapper_class=structlog.stdlib.BoundLogger,
            )
        )
    if to is not None and not hasattr(to, "write"):
        return _by(to)
    return _to(sys.stderr if to is None else to, form)


def _by(log: Any) -> Write:
    return lambda level, event: getattr(log, level)(event.pop("event"), **_flat(event))


def _to(stream: TextIO, form: Form | None) -> Write:
    """A stream of ours. Nothing is bound, filtered or looked up on the way to it, which would cost as much again."""
    structlog = extra("structlog", "observe", "a log of calls")
    stamped, rendered, out = _stamped(structlog), renderer(form, stream), structlog.WriteLogger(stream).msg

    def console(level: str, event: Event) -> None:
        event = _flat(event)
        for processor in stamped:
            event = processor(None, level, event)
        out(rendered(None, level, event))

    def json(level: str, event: Event) -> None:
        event["level"], event["timestamp"] = level, datetime.now(UTC)
        text = _json(None, level, event)
        if not text.isprintable() or "\\" in text:  # of what had to be escaped, some does no good once it is read
            text = _json(None, level, _flat(event))
        out(text)

    return json if rendered is _json else console


def _flat(event: Event) -> Event:
    """Each text as one line that steers no terminal, whoever chose it."""
    return {name: line(value) if isinstance(value, str) and not value.isprintable() else value for name, value in event.items()}


def _stamped(structlog: Any) -> list[Any]:
    return [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]


def renderer(form: Form | None, stream: TextIO) -> Any:
    """What makes a line of an event."""
    structlog = extra("structlog", "observe", "a log of calls")
    terminal = stream.isatty()
    if form == "console" or (form is None and terminal):
        return structlog.dev.ConsoleRenderer(colors=terminal)
    return _json


_encode = msgspec.json.Encoder(enc_hook=repr).encode


def _json(_: Any, __: str, event: Event) -> str:
    return _encode(event).decode()


def _one_line(_: Any, __: str, event: Event) -> Event:
    """An event of any part of `unified`, or of a library below it: its texts are not ours to trust."""
    for name, value in event.items():
        if isinstance(value, str) and name != "exception" and not value.isprintable():
            event[name] = line(value, 2000)
    return event


def install(form: Form | None = None, stream: TextIO | None = None, *names: str) -> Logs:
    """Have everything that `unified` logs written to one stream in one form, for a process that is ours: every call, and what the loggers
    `unified` and those of `names` say.

    Raises:
        InvalidInput: structlog is not installed, or there is no such form.
    """
    structlog = extra("structlog", "observe", "a log of calls")
    out = sys.stderr if stream is None else stream
    made = Logs(out, form=form or ("console" if out.isatty() else "json"))
    handler = logging.StreamHandler(out)
    rendered = renderer(form, out)
    exceptions = [] if isinstance(rendered, structlog.dev.ConsoleRenderer) else [structlog.processors.format_exc_info]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_stamped(structlog)],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *exceptions, _one_line, rendered],
        )
    )
    for name in ("unified", *names):
        found = logging.getLogger(name)
        found.handlers, found.propagate = [handler], False
    return made
