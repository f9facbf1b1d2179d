"""The wire form between an agent and a broker, version 1: JSON over HTTP.

A call is `POST /v1/call` (or `/v1/page`, `/v1/plan`) with a `Call`, answered by an `Answer`, or by a `Failure` with an HTTP status from
400 on; `POST /v1/many` takes `Calls` that are made together, and answers `Answers`; `/v1/plan/many` answers what they would send,
`Planned`. `/v1/upload` and `/v1/download` carry contents beside it; see `contents`. The agent shows its key or token as
`Authorization: Bearer`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from unified_runtime.errors import InvalidInput

VERSION = "v1"
JSON = "application/json"
CALL, PAGE, PLAN, UPLOAD, DOWNLOAD, DESCRIBE = (f"/{VERSION}/{name}" for name in ("call", "page", "plan", "upload", "download", "describe"))
MANY, PLAN_MANY = f"/{VERSION}/many", f"/{VERSION}/plan/many"
VENDORS = f"/{VERSION}/vendors"
SAGA, SAGA_REPORT = f"/{VERSION}/saga", f"/{VERSION}/saga/report"
TOKEN = f"/{VERSION}/token"
EVENTS = f"/{VERSION}/events"

DEADLINE = "unified-deadline"
"""Header: seconds for which the agent waits. The broker gives up then at the latest."""


class Whose(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What `acting` says at the agent's side. The broker holds it against what the key or token allows."""

    user: str | None = None
    team: str | None = None
    via: str | None = None
    agent: str | None = None
    connection: str | None = None
    on_behalf_of: str | None = None


class Call(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One call. `input` holds the facade's arguments by name; `cursor` asks for a page of a list other than its first."""

    operation: str
    input: dict[str, Any] = {}
    acting: Whose = Whose()
    cursor: str | None = None
    ticket: str | None = None
    """What the page before this one came with, where one approval is good for a whole list."""
    content: str | None = None
    """The argument whose value follows as a content; see `contents`."""
    size: int | None = None
    sha256: str | None = None
    """Of the content, in bytes and hexadecimal, where the agent knows them before it is sent. The broker holds the content to them."""


class Calls(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Calls of one operation that are made together; `items` are as `Call.input`."""

    operation: str
    items: list[dict[str, Any]]
    acting: Whose = Whose()


Where = str | int | tuple[tuple[str, ...], Any]
"""One step of a record's place in its vendor's answer; see `unified_runtime.raw`."""


class Found(msgspec.Struct, frozen=True, array_like=True):
    """A record: its fields, its vendor, and where it stands in which of the documents."""

    value: msgspec.Raw
    vendor: str | None = None
    document: int | None = None
    path: tuple[Where, ...] = ()


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a call comes to: records of one `type`, or a plain value. `documents` are the vendor's own answers, each once."""

    type: str | None = None
    records: list[Found] | None = None
    cursor: str | None = None
    ticket: str | None = None
    plain: Any = None
    documents: list[msgspec.Raw] = []


class Described(msgspec.Struct, frozen=True):
    """What a connection offers: a `Description`, the records of each of its parts as in an answer."""

    vendor: str
    resource: str
    unified: dict[str, tuple[str, ...]]
    gaps: dict[str, str]
    parts: dict[str, Answer]


class Reading(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A reader asks for events: of these types, at most `limit`, after `wait` seconds even if there are none.

    `token` is what it was told the last time, `done` the position up to which it has finished; with `leave` it wants none, and others may
    read under its name.
    """

    reader: str
    types: tuple[str, ...] = ()
    token: str | None = None
    done: int = 0
    limit: int = 50
    wait: float = 0.0
    leave: bool = False


class Events(msgspec.Struct, frozen=True, omit_defaults=True):
    """The events for a reader, each an `Incoming`. Without a token, another process reads under the name."""

    events: list[dict[str, Any]] = []
    token: str | None = None


class Did(msgspec.Struct, frozen=True):
    """A writing request that had been carried out before an operation failed; `answer` is as in `Answer.documents`."""

    request: str
    status: int
    answer: msgspec.Raw
    again: bool = True


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error of the tree. `own`: it is the broker's own, and nothing of the call has happened."""

    error: str
    message: str
    own: bool = False
    vendor: str | None = None
    operation: str | None = None
    retry_safe: bool = False
    request_id: str | None = None
    trace_id: str | None = None
    fields: dict[str, str] = {}
    status: int | None = None
    code: str | None = None
    done: list[Did] = []
    lost: tuple[str, ...] = ()
    made: str | None = None
    retry_after: float | None = None
    reasons: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    quota: str = ""
    approval: str = ""
    expires_at: datetime | None = None
    plan: dict[str, Any] | None = None


class Came(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one of several calls came to: an answer or a failure; neither where it was not tried."""

    answer: Answer | None = None
    failure: Failure | None = None


class Planned(msgspec.Struct, frozen=True):
    """What calls that are made together would send; `refused` are those that would send nothing, by their numbers, and why."""

    plan: dict[str, Any]
    refused: list[tuple[int, Failure]] = []


class Answers(msgspec.Struct, frozen=True):
    """What calls that were made together came to, in their order."""

    items: list[Came]


_TAGS: dict[str, Callable[[Any], Any]] = {"$decimal": Decimal, "$datetime": datetime.fromisoformat, "$date": date.fromisoformat}


def tagged(value: Any) -> Any:
    """The value as JSON can hold it, exact numbers and dates marked as what they are.

    Raises:
        InvalidInput: it holds something else.
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, dict):
        return {(f"${name}" if str(name).startswith("$") else str(name)): tagged(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [tagged(item) for item in value]
    if isinstance(value, msgspec.Struct):
        return tagged(msgspec.to_builtins(value))
    raise InvalidInput(f"a value of type {type(value).__name__} cannot be sent to the broker")


def untagged(value: Any) -> Any:
    """The value that `tagged` was given.

    Raises:
        InvalidInput: what is marked is not what it is marked as.
    """
    if isinstance(value, list):
        return [untagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, text),) = value.items()
        if name in _TAGS:
            try:
                return _TAGS[name](text)
            except (ArithmeticError, TypeError, ValueError):
                pass
            raise InvalidInput(f"{str(text)[:40]!r} is no {name.removeprefix('$')}")
    return {name.removeprefix("$"): untagged(item) for name, item in value.items()}
