"""Records, pages and plans as a broker answers them, and back."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from unified_runtime.brokered.protocol import Answer, Described, Found, tagged, untagged
from unified_runtime.calling.plans import Plan, PlannedRequest
from unified_runtime.described.descriptions import Description
from unified_runtime.errors import VendorProtocolError
from unified_runtime.records import Document, Page, Raw, Record, attach

_json = msgspec.json.Decoder(msgspec.Raw)
_ENCODED = b'{"$bytes":'


class Documents:
    """Vendors' answers, collected for an `Answer`: each once, however many records were read from it."""

    def __init__(self) -> None:
        self.raw: list[msgspec.Raw] = []
        self._numbers: dict[int, int] = {}

    def number(self, raw: Raw) -> int:
        key = id(raw.document)
        if key not in self._numbers:
            self._numbers[key] = len(self.raw)
            self.raw.append(document(raw.body))
        return self._numbers[key]


def document(body: bytes) -> msgspec.Raw:
    """An answer's body: JSON as it is, anything else as `{"$bytes": BASE64}`."""
    if not body.startswith(_ENCODED):
        try:
            return _json.decode(body)
        except msgspec.DecodeError:
            pass
    return msgspec.Raw(msgspec.json.encode({"$bytes": base64.b64encode(body).decode("ascii")}))


def body(raw: msgspec.Raw) -> bytes:
    """The body that `document` was given."""
    found = bytes(raw)
    if found.startswith(_ENCODED):
        return base64.b64decode(msgspec.json.decode(found)["$bytes"])
    return found


def answer(value: Any, *, ticket: str | None = None) -> Answer:
    """What an operation came to, for the wire.

    Raises:
        TypeError: it is none of record, page, None and plain values.
    """
    cursor = None
    if isinstance(value, Page):
        cursor, records = value.cursor, value.items
        if not all(isinstance(record, Record) for record in records):
            raise TypeError("a page of something else than records")
    elif isinstance(value, Record):
        records = [value]
    else:
        return Answer(plain=tagged(value))
    documents = Documents()
    found = [_found(record, documents) for record in records]
    kind = type(records[0]) if records else None
    return Answer(
        type=None if kind is None else f"{kind.__module__}:{kind.__qualname__}",
        records=found,
        cursor=cursor,
        ticket=ticket,
        documents=documents.raw,
    )


def _found(record: Record, documents: Documents) -> Found:
    value = msgspec.Raw(record.model_dump_json(exclude_unset=True).encode("utf-8"))
    origin = record.__pydantic_private__
    if origin is None:
        return Found(value)
    raw: Raw = origin["raw"]
    return Found(value, origin["vendor"], documents.number(raw), raw.path)


def records(answered: Answer, package: str) -> list[Any]:
    """The records of an answer.

    Raises:
        VendorProtocolError: they are of no model of `package`, or not what it says.
    """
    found = answered.records or []
    if not found:
        return []
    model = _model(answered.type or "", package)
    documents = [Document(body(raw)) for raw in answered.documents]
    made = []
    for one in found:
        record = model.model_validate_json(bytes(one.value))
        if one.vendor is not None and one.document is not None:
            attach(record, one.vendor, Raw(documents[one.document], one.path))
        made.append(record)
    return made


@cache
def _model(name: str, package: str) -> type[Record]:
    """The model of that name, of the package whose operation was called: an answer must not import anything else."""
    module, _, words = name.partition(":")
    found: Any = None
    if module.partition(".")[0] == package and words.isidentifier():
        try:
            found = getattr(import_module(module), words, None)
        except ImportError:
            found = None
    if isinstance(found, type) and issubclass(found, Record):
        return found
    raise VendorProtocolError(f"the broker answers with {name[:100]!r}, which is no model here: is it of another version?")


_PARTS = ("statuses", "types", "transitions", "fields", "objects")


def described(description: Description) -> Described:
    """A description for the wire."""
    parts = {name: answer(Page(list(found))) for name in _PARTS if (found := getattr(description, name))}
    return Described(description.vendor, description.resource, dict(description.unified), dict(description.gaps), parts)


def description(told: Described, package: str) -> Description:
    """The description that `described` was given.

    Raises:
        VendorProtocolError: it holds records of no model here.
    """
    parts: dict[str, Any] = {name: tuple(records(told.parts[name], package)) for name in _PARTS if name in told.parts}
    return Description(vendor=told.vendor, resource=told.resource, unified=told.unified, gaps=told.gaps, **parts)


def plan_data(plan: Plan) -> dict[str, Any]:
    """A plan for the wire, the digits of its numbers kept."""
    return {
        "operation": plan.operation,
        "vendor": plan.vendor,
        "notes": [*plan.notes],
        "requests": [
            {name: tagged(getattr(request, name)) for name in PlannedRequest.__dataclass_fields__ if getattr(request, name) != ""}
            for request in plan.requests
        ],
    }


def plan(data: Mapping[str, Any]) -> Plan:
    """The plan that `plan_data` was given.

    Raises:
        VendorProtocolError: it is none.
    """
    try:
        requests = tuple(_planned(one) for one in data["requests"])
        return Plan(str(data["operation"]), str(data["vendor"]), requests, tuple(data["notes"]))
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise VendorProtocolError(f"the broker's plan cannot be read: {reason}")


def _planned(data: Mapping[str, Any]) -> PlannedRequest:
    return PlannedRequest(
        method=data["method"],
        url=data["url"],
        query=_pairs(data["query"]),
        headers=_pairs(data["headers"]),
        body=untagged(data["body"]),
        endpoint=data["endpoint"],
        purpose=data.get("purpose", ""),
        items=data.get("items", 1),
        reads=data.get("reads", False),
    )


def _pairs(told: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in told)
