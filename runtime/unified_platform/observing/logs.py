"""One event for every call and for each of its attempts, by structlog (https://www.structlog.org): JSON, or colours on a terminal.

Nothing global is configured: an application's own logging goes on as it is, and the events can go into it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Literal, TextIO

import msgspec

from unified_platform.extras import extra
from unified_runtime.errors import InvalidInput
from unified_runtime.lines import line

if TYPE_CHECKING:
    from unified_runtime.observing import AttemptRecord, CallRecord

Form = Literal["json", "console"]

_QUIET = {"ok": "info"}
_LOUD = {"internal_error", "unavailable", "unconfirmed", "unauthorized", "vendor_protocol_error"}
"""Outcomes that somebody has to look after; what else is no success is the caller's own matter, and a warning."""

Event = MutableMapping[str, Any]
Processor = Callable[[Any, str, Event], Event]


class Logs:
    """Writes an event for each call that ended, and before it one for each of its attempts.

    Args:
        to: where events go: a stream, a logger of structlog or of the standard library. By default the application's structlog, if that is
            configured, else standard error.
        form: how a stream is written, `json` or `console`; by default colours on a terminal and JSON elsewhere.
        attempts: whether attempts have events of their own.

    Raises:
        InvalidInput: structlog is not installed, or there is no such form.
    """

    def __init__(self, to: Any = None, *, form: Form | None = None, attempts: bool = True) -> None:
        self._log = logger(to, form)
        self._attempts = attempts

    def ended(self, record: CallRecord) -> None:
        common = common_of(record)
        if self._attempts:
            for attempt in record.attempts:
                tell = self._log.warning if attempt.failed else self._log.info
                tell("attempt", **common, **attempt_of(attempt))
        level = _QUIET.get(record.outcome) or ("error" if record.outcome in _LOUD else "warning")
        getattr(self._log, level)("call", **common, **_call_of(record))


def common_of(record: CallRecord) -> dict[str, Any]:
    """What names a call in each event that belongs to it."""
    return told(
        call_id=record.call_id,
        trace_id=record.trace_id,
        agent_id=record.agent,
        user_id=record.user,
        on_behalf_of=record.on_behalf_of,
        tool_name=record.tool,
        vendor=record.vendor,
        connection=record.connection,
        saga_id=record.saga,
    )


def _call_of(record: CallRecord) -> dict[str, Any]:
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


def attempt_of(attempt: AttemptRecord) -> dict[str, Any]:
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


def told(**fields: Any) -> dict[str, Any]:
    """The fields that have a value. A text is one line that steers no terminal, whoever chose it."""
    return {name: _flat(value) for name, value in fields.items() if value is not None}


def _flat(value: Any) -> Any:
    return line(value) if isinstance(value, str) and not value.isprintable() else value


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


# -------------------------------------------------------------------------------------------------------- where events go
def logger(to: Any = None, form: Form | None = None) -> Any:
    """A logger of structlog that writes where it is told to, and takes nothing else into its hands.

    Raises:
        InvalidInput: structlog is not installed, or there is no such form.
    """
    structlog = extra("structlog", "observe", "a log of calls")
    if form not in {None, "json", "console"}:
        raise InvalidInput(f"a log is json or console, not {form!r}")
    if to is None and form is None and structlog.is_configured():
        return structlog.get_logger("unified")
    if isinstance(to, logging.Logger):
        return structlog.wrap_logger(
            to,
            processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
            wrapper_class=structlog.stdlib.BoundLogger,
        )
    if to is not None and not hasattr(to, "write"):
        return to
    stream: TextIO = sys.stderr if to is None else to
    return structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[*_stamped(structlog), renderer(form, stream)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        context_class=dict,
    ).bind()


def _stamped(structlog: Any) -> list[Any]:
    return [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]


def renderer(form: Form | None, stream: TextIO) -> Any:
    """What makes a line of an event."""
    structlog = extra("structlog", "observe", "a log of calls")
    terminal = stream.isatty()
    if form == "console" or (form is None and terminal):
        return structlog.dev.ConsoleRenderer(colors=terminal)
    return structlog.processors.JSONRenderer(serializer=_json)


def _json(event: Event, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


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
