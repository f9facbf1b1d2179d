"""Wire protocol between an agent and a broker, version 1: JSON over HTTP.

A call is `POST /v1/call` (or `/v1/page`, `/v1/plan`) with a `Call`; the response is a `CallResponse`, or a `Failure` with an HTTP status
of 400 or above. `POST /v1/many` accepts a batch of `Calls` and returns `BatchResponse`; `/v1/plan/many` returns the requests that they
would send, `Planned`. `/v1/upload` and `/v1/download` also transfer contents; see `contents`. The agent authenticates with its key or
token as `Authorization: Bearer`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.json_limits import DEEPEST, BeyondBounds, check_digits

VERSION = "v1"
JSON = "application/json"
CONNECT_LINK = f"/{VERSION}/connect-link"
CALL, PAGE, PLAN, UPLOAD, DOWNLOAD, DESCRIBE = (f"/{VERSION}/{name}" for name in ("call", "page", "plan", "upload", "download", "describe"))
MANY, PLAN_MANY = f"/{VERSION}/many", f"/{VERSION}/plan/many"
VENDORS = f"/{VERSION}/vendors"
TOOLS = f"/{VERSION}/tools"
SAGA, SAGA_REPORT = f"/{VERSION}/saga", f"/{VERSION}/saga/report"
TOKEN = f"/{VERSION}/token"
EVENTS = f"/{VERSION}/events"

DEADLINE = "unified-deadline"
"""Header with the seconds for which the agent waits. The broker stops after that time at the latest."""


class ActingFields(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Values of `acting` at the agent's side. The broker checks that the key or token permits them."""

    user: str | None = None
    team: str | None = None
    via: str | None = None
    agent: str | None = None
    connection: str | None = None
    on_behalf_of: str | None = None


class Call(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One call. `input` has the facade's arguments by name; `cursor` selects a page of a list other than the first."""

    operation: str
    input: dict[str, Any] = {}
    acting: ActingFields = ActingFields()
    cursor: str | None = None
    content: str | None = None
    """Name of the argument whose value follows as a content; see `contents`."""
    size: int | None = None
    sha256: str | None = None
    """Size of the content in bytes and its SHA-256 in hexadecimal, if the agent knows them before it sends the content. The broker checks
    the content against them."""


class Calls(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Batch of calls of one operation; each of `items` is like `Call.input`."""

    operation: str
    items: list[dict[str, Any]]
    acting: ActingFields = ActingFields()


class LinkRequest(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Request of a link with which a user connects a vendor, or any if none is named."""

    acting: ActingFields = ActingFields()
    vendor: str | None = None
    return_to: str | None = None


Where = str | int | tuple[tuple[str, ...], Any]
"""One step of a record's path in its vendor's response; see `unified_runtime.core.raw`."""


class Found(msgspec.Struct, frozen=True, array_like=True):
    """Record: its fields, its vendor, the number of its document in `CallResponse.documents`, and its path in it."""

    value: msgspec.Raw
    vendor: str | None = None
    document: int | None = None
    path: tuple[Where, ...] = ()


class CallResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """Result of a call: records of one `type`, or a plain value. `documents` are the vendor's own responses, each once."""

    type: str | None = None
    records: list[Found] | None = None
    cursor: str | None = None
    plain: Any = None
    documents: list[msgspec.Raw] = []


class Described(msgspec.Struct, frozen=True):
    """`Description` of what a connection offers, with the records of each of its parts as a `CallResponse`."""

    vendor: str
    resource: str
    unified: dict[str, tuple[str, ...]]
    unsupported: dict[str, str]
    parts: dict[str, CallResponse]


class Reading(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Request of a reader for events: of these types, at most `limit`, waiting up to `wait` seconds.

    `token` is the one of the last response, `done` the position up to which the reader has finished. With `leave` it stops reading, and
    another process may read under its name.
    """

    reader: str
    types: tuple[str, ...] = ()
    token: str | None = None
    done: int = 0
    limit: int = 50
    wait: float = 0.0
    leave: bool = False


class Events(msgspec.Struct, frozen=True, omit_defaults=True):
    """Events for a reader, each an `Incoming`. Without a token, another process reads under the name."""

    events: list[dict[str, Any]] = []
    token: str | None = None


class ExecutedRequest(msgspec.Struct, frozen=True):
    """Write that had been executed before an operation failed; `response` is like an element of `CallResponse.documents`."""

    request: str
    status: int
    response: msgspec.Raw
    again: bool = True


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """`UnifiedError` in the wire format. `own`: the broker itself raised it, and nothing of the call was executed."""

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
    done: list[ExecutedRequest] = []
    lost: tuple[str, ...] = ()
    made: str | None = None
    candidates: list[tuple[str, str, str | None, str | None]] = []
    retry_after: float | None = None
    reasons: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    quota: str = ""
    approval: str = ""
    url: str | None = None
    expires_at: datetime | None = None
    plan: dict[str, Any] | None = None


class BatchResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """Result of one call of a batch: a response or a failure; neither if it was not attempted."""

    response: CallResponse | None = None
    failure: Failure | None = None


class Planned(msgspec.Struct, frozen=True):
    """Plan of a batch of calls. `refused` has the calls that would send nothing: their numbers and errors."""

    plan: dict[str, Any]
    refused: list[tuple[int, Failure]] = []


class BatchResponse(msgspec.Struct, frozen=True):
    """Results of a batch of calls, in their order."""

    items: list[BatchResult]


def _decimal(text: str) -> Decimal:
    found = Decimal(text)
    check_digits(found)
    return found


_TAGS: dict[str, Callable[[str], Any]] = {"$decimal": _decimal, "$datetime": datetime.fromisoformat, "$date": date.fromisoformat}


def tagged(value: Any) -> Any:
    """Convert a value to JSON types, with decimal numbers and dates tagged by their type.

    Raises:
        InvalidInput: it contains a value of another type.
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
    """Convert a value that `tagged` returned back to its original.

    Raises:
        InvalidInput: a tagged value is not valid for its tag, a number has too many digits, or the value is nested too deep.
    """
    return _untagged(value, 0)


def _untagged(value: Any, depth: int) -> Any:
    if depth > DEEPEST and isinstance(value, (list, dict)):
        raise BeyondBounds(f"a value is nested more than {DEEPEST} levels deep")
    if isinstance(value, list):
        return [_untagged(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, text),) = value.items()
        if name in _TAGS:
            if isinstance(text, str):
                try:
                    return _TAGS[name](text)
                except (ArithmeticError, ValueError):
                    pass
            raise InvalidInput(f"{text[:40]!r} is not a valid {name[1:]}" if isinstance(text, str) else f"${name[1:]} needs a text")
    return {name.removeprefix("$"): _untagged(item, depth + 1) for name, item in value.items()}
