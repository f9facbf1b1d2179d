"""Conversion of records, pages, descriptions and plans to the wire format and back."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import msgspec
from pydantic import ValidationError

from unified_runtime.core.descriptions import Description
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.plans import Plan, PlannedRequest
from unified_runtime.core.records import Document, Page, Raw, Record, attach
from unified_runtime.core.wire.protocol import CallResponse, Described, Found, tagged, untagged

_json = msgspec.json.Decoder(msgspec.Raw)
_ENCODED = b'{"$bytes":'


class Documents:
    """Collects vendors' responses for a `CallResponse`: each once, however many records were read from it."""

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
    """Return a response's body in the wire format: JSON unchanged, anything else as `{"$bytes": BASE64}`."""
    if not body.startswith(_ENCODED):
        try:
            return _json.decode(body)
        except msgspec.DecodeError:
            pass
    return msgspec.Raw(msgspec.json.encode({"$bytes": base64.b64encode(body).decode("ascii")}))


def body(raw: msgspec.Raw) -> bytes:
    """Return the body that `document` was called with."""
    found = bytes(raw)
    if found.startswith(_ENCODED):
        return base64.b64decode(msgspec.json.decode(found)["$bytes"])
    return found


def call_response(value: Any) -> CallResponse:
    """Convert the result of an operation to the wire format.

    Raises:
        TypeError: it is not a record, page, None or plain value, or its page has records and other values.
    """
    cursor = None
    if isinstance(value, Page):
        cursor, records = value.cursor, value.items
        if records and not any(isinstance(record, Record) for record in records):  # data of an operation without a mapping
            return CallResponse(plain=tagged(records), cursor=cursor)
        if not all(isinstance(record, Record) for record in records):
            raise TypeError("a page of records and of something else")
    elif isinstance(value, Record):
        records = [value]
    else:
        return CallResponse(plain=tagged(value))
    documents = Documents()
    found = [_found(record, documents) for record in records]
    kind = type(records[0]) if records else None
    return CallResponse(
        type=None if kind is None else f"{kind.__module__}:{kind.__qualname__}",
        records=found,
        cursor=cursor,
        documents=documents.raw,
    )


def _found(record: Record, documents: Documents) -> Found:
    value = msgspec.Raw(record.model_dump_json(exclude_unset=True).encode("utf-8"))
    origin = record.__pydantic_private__
    if origin is None:
        return Found(value)
    raw: Raw = origin["raw"]
    return Found(value, origin["vendor"], documents.number(raw), raw.path)


def records(response: CallResponse, package: str) -> list[Any]:
    """Return the records of a response.

    Raises:
        VendorProtocolError: their type is not a model of `package`, or a record is not valid for its model.
    """
    found = response.records or []
    if not found:
        return []
    model = _model(response.type or "", package)
    documents = [Document(body(raw)) for raw in response.documents]
    made = []
    for one in found:
        try:
            record = model.model_validate_json(bytes(one.value))
        except ValidationError as error:
            at = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
            raise VendorProtocolError(
                f"the broker returned a {model.__name__} that is not valid at {at[:100]!r}: compare its version with this client's"
            ) from None
        if one.vendor is not None and one.document is not None:
            attach(record, one.vendor, Raw(documents[one.document], one.path))
        made.append(record)
    return made


@cache
def _model(name: str, package: str) -> type[Record]:
    """Return the model of that name in the package of the called operation: a response must not import anything else."""
    module, _, class_name = name.partition(":")
    found: Any = None
    if module.partition(".")[0] == package and class_name.isidentifier():
        try:
            found = getattr(import_module(module), class_name, None)
        except ImportError:
            found = None
    if isinstance(found, type) and issubclass(found, Record):
        return found
    raise VendorProtocolError(f"the broker returned {name[:100]!r}, which is not a model here: compare its version with this client's")


_PARTS = ("statuses", "types", "transitions", "fields", "objects")


def described(description: Description) -> Described:
    """Convert a description to the wire format."""
    parts = {name: call_response(Page(list(found))) for name in _PARTS if (found := getattr(description, name))}
    return Described(description.vendor, description.resource, dict(description.unified), dict(description.unsupported), parts)


def description(data: Described, package: str) -> Description:
    """Convert a description in the wire format back.

    Raises:
        VendorProtocolError: the type of its records is not a model of `package`.
    """
    parts: dict[str, Any] = {name: tuple(records(data.parts[name], package)) for name in _PARTS if name in data.parts}
    return Description(vendor=data.vendor, resource=data.resource, unified=data.unified, unsupported=data.unsupported, **parts)


def plan_data(plan: Plan) -> dict[str, Any]:
    """Convert a plan to the wire format, with all digits of its numbers."""
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
    """Convert a plan in the wire format back.

    Raises:
        VendorProtocolError: it is not a valid plan.
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


def _pairs(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs)
