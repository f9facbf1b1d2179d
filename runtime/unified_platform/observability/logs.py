"""Structured logs of calls and attempts, by structlog (https://www.structlog.org): JSON, or colours on a terminal.

No global configuration is changed: an application's own logging continues, and the events can be part of it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TextIO

import msgspec

from unified_platform.common.extras import require_extra
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.single_line import line

if TYPE_CHECKING:
    from unified_runtime.core.observers import AttemptRecord, Begun, CallRecord

Form = Literal["json", "console"]

_QUIET = {"ok": "info"}
_LOUD = {"internal_error", "unavailable", "unconfirmed", "unauthorized", "vendor_protocol_error"}
"""Outcomes of level error, which an operator must look at; other failures are the caller's own, and warnings."""

Fields = dict[str, Any]


class Event(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Identification of a call in each of its events. Fields that are None, in the events below too, are left out."""

    call_id: str
    trace_id: str | None = None
    agent_id: str | None = None
    user_id: str | None = None
    on_behalf_of: str | None = None
    tool_name: str
    vendor: str | None = None
    connection: str | None = None
    saga_id: str | None = None


class AttemptEvent(Event, kw_only=True, omit_defaults=True):
    """An attempt, and its redacted bodies, if body logging is on."""

    span_id: str | None = None
    operation: str | None = None
    attempt: int
    method: str
    endpoint: str
    host: str
    status: int | None = None
    error: str | None = None
    duration_ms: float
    waited_ms: float | None = None
    request_id: str | None = None
    bytes: int
    body_sent: str | None = None
    body_received: str | None = None
    event: str
    level: str | None = None
    timestamp: datetime | None = None


class CallEvent(Event, kw_only=True, omit_defaults=True):
    """A call that has ended."""

    span_id: str | None = None
    operation: str | None = None
    outcome: str
    status: int | None = None
    error: str | None = None
    duration_ms: float
    attempts: int
    request_id: str | None = None
    bytes: int
    bytes_sent: int
    bytes_received: int
    rate_limit_wait_ms: float | None = None
    retry_wait_ms: float | None = None
    refreshes: int | None = None
    failed_refreshes: int | None = None
    decision: str | None = None
    reasons: list[str] | None = None
    approval: str | None = None
    idempotency_key: str | None = None
    items: int | None = None
    through_broker: bool | None = None
    event: str
    level: str | None = None
    timestamp: datetime | None = None


Write = Callable[[str, AttemptEvent | CallEvent], object]
"""Writes an event with a level, and then owns it; its message is under `event`."""


class Logs:
    """Writes an event for each attempt when it is over, and one for each call when it has ended.

    Args:
        to: destination: a stream, or a logger of structlog or of the standard library. By default the application's structlog, if that is
            configured, else standard error.
        form: format of a stream, `json` or `console`; by default colours on a terminal and JSON elsewhere.
        attempts: write events for attempts.

    Raises:
        InvalidInput: structlog is not installed, or the form is not valid.
    """

    def __init__(self, to: Any = None, *, form: Form | None = None, attempts: bool = True) -> None:
        self._write = writer(to, form)
        self._attempts = attempts

    def attempted(self, call: Begun, attempt: AttemptRecord) -> None:
        if self._attempts:
            self._write("warning" if attempt.failed else "info", attempt_of(call, attempt))

    def ended(self, record: CallRecord) -> None:
        level = _QUIET.get(record.outcome) or ("error" if record.outcome in _LOUD else "warning")
        self._write(level, _call_of(record))


def _call_of(record: CallRecord) -> CallEvent:
    attempts, sent, received = record.attempts, record.bytes_sent, record.bytes_received
    operations = [attempt.operation for attempt in attempts if attempt.operation is not None]
    return CallEvent(
        call_id=record.call_id,
        trace_id=record.trace_id,
        agent_id=record.agent,
        user_id=record.user,
        on_behalf_of=record.on_behalf_of,
        tool_name=record.tool,
        vendor=record.vendor,
        connection=record.connection,
        saga_id=record.saga,
        span_id=record.span_id,
        operation=",".join(dict.fromkeys(operations)) or None,
        outcome=record.outcome,
        status=record.status or (attempts[-1].status if attempts else None),
        error=record.error,
        duration_ms=milliseconds(record.duration),
        attempts=len(attempts),
        request_id=record.request_id,
        bytes=sent + received,
        bytes_sent=sent,
        bytes_received=received,
        rate_limit_wait_ms=_waited(record.rate_limit_wait),
        retry_wait_ms=_waited(record.retry_wait),
        refreshes=record.refreshes or None,
        failed_refreshes=record.failed_refreshes or None,
        decision=record.decision,
        reasons=[line(reason) for reason in record.reasons] if record.reasons else None,
        approval=record.approval,
        idempotency_key=record.key,
        items=record.items,
        through_broker=record.through_broker or None,
        event="call",
    )


def attempt_of(call: Begun, attempt: AttemptRecord, event: str = "attempt") -> AttemptEvent:
    """Return the event of one attempt of a call."""
    return AttemptEvent(
        call_id=call.call_id,
        trace_id=call.trace_id,
        agent_id=call.agent,
        user_id=call.user,
        on_behalf_of=call.on_behalf_of,
        tool_name=call.tool,
        vendor=attempt.vendor,
        connection=attempt.connection,
        saga_id=call.saga,
        span_id=attempt.span_id,
        operation=attempt.operation,
        attempt=attempt.number,
        method=attempt.method,
        endpoint=attempt.endpoint,
        host=attempt.host,
        status=attempt.status,
        error=attempt.error,
        duration_ms=milliseconds(attempt.duration),
        waited_ms=_waited(attempt.waited),
        request_id=attempt.request_id,
        bytes=attempt.bytes_sent + attempt.bytes_received,
        event=event,
    )


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _waited(seconds: float) -> float | None:
    """Return a wait in milliseconds, if there was one."""
    return (milliseconds(seconds) or None) if seconds else None


# -------------------------------------------------------------------------------------------------------- destinations
def writer(to: Any = None, form: Form | None = None) -> Write:
    """Return a function that writes events to a destination, without changes to its configuration.

    Raises:
        InvalidInput: structlog is not installed, or the form is not valid.
    """
    structlog = require_extra("structlog", "observe", "a log of calls")
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
    def write(level: str, event: AttemptEvent | CallEvent) -> None:
        fields = _flat(event)
        getattr(log, level)(fields.pop("event"), **fields)

    return write


def _to(stream: TextIO, form: Form | None) -> Write:
    """Return a writer to a stream. Binding, filtering and look-ups are skipped, because they would double the cost."""
    structlog = require_extra("structlog", "observe", "a log of calls")
    stamped, rendered, out = _stamped(structlog), renderer(form, stream), structlog.WriteLogger(stream).msg

    def console(level: str, event: AttemptEvent | CallEvent) -> None:
        fields = _flat(event)
        for processor in stamped:
            fields = processor(None, level, fields)
        out(rendered(None, level, fields))

    def json(level: str, event: AttemptEvent | CallEvent) -> None:
        event.level, event.timestamp = level, datetime.now(UTC)
        text = _encode(event).decode()
        # Some escaped characters are harmful once they are decoded; of ASCII that need not be escaped, only DEL is.
        if "\\" in text or ("\x7f" in text if text.isascii() else not text.isprintable()):
            text = _json(None, level, _flat(event))
        out(text)

    return json if rendered is _json else console


def _flat(event: AttemptEvent | CallEvent) -> Fields:
    """Return the fields that have a value. Each text is one line without terminal control characters, since its source is not trusted."""
    fields = ((name, getattr(event, name)) for name in event.__struct_fields__)
    return {
        name: line(value) if isinstance(value, str) and not value.isprintable() else value for name, value in fields if value is not None
    }


def _stamped(structlog: Any) -> list[Any]:
    return [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]


def renderer(form: Form | None, stream: TextIO) -> Any:
    """Return the renderer that turns an event into a line."""
    structlog = require_extra("structlog", "observe", "a log of calls")
    terminal = stream.isatty()
    if form == "console" or (form is None and terminal):
        return structlog.dev.ConsoleRenderer(colors=terminal)
    return _json


_encode = msgspec.json.Encoder(enc_hook=repr).encode


def _json(_: Any, __: str, event: Fields) -> str:
    return _encode(event).decode()


def _one_line(_: Any, __: str, event: Fields) -> Fields:
    """Clean an event of any part of `unified`, or of a library that it uses: its texts are not trusted."""
    for name, value in event.items():
        if isinstance(value, str) and name != "exception" and not value.isprintable():
            event[name] = line(value, 2000)
    return event


def install(form: Form | None = None, stream: TextIO | None = None, *names: str) -> Logs:
    """Write all logs of `unified` to one stream in one form, for a process of our own: every call, and the messages of the loggers
    `unified` and those in `names`.

    Raises:
        InvalidInput: structlog is not installed, or the form is not valid.
    """
    structlog = require_extra("structlog", "observe", "a log of calls")
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
