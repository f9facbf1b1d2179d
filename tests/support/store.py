"""Stateful server made from a vendor's document: it stores the values that requests write and returns them in the document's format.

It is independent of our mappings. A request is parsed by the document's parameters and body schemas, a written property
becomes the property of that name in the record's schema, and if the two differ a vendor's module in `tests/support/stores`
declares it, with the location in the document that states it. Every response is checked against the schema that the
document declares for it, so that the store cannot drift from the document either.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, runtime_checkable
from urllib.parse import parse_qsl

import msgspec

from tests.support.judges import Request
from tests.support.judges.closed import ClosedWorld
from tests.support.judges.values import Values
from tests.support.routes import Operation, Routes, resolved

_ENCODER = msgspec.json.Encoder(decimal_format="number")

Record = dict[str, Any]
Becomes = Callable[[Any], Mapping[str, Any]]
"""Properties of the record that a written property sets; None clears one."""


class Refused(Exception):
    """Error response of the server, with a `body` in the vendor's format."""

    def __init__(self, status: int, body: Any = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Call:
    """A request, decoded by the document: parameters by name, and the body."""

    request: Request
    operation: Operation
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Any
    headers: Mapping[str, Any] = field(default_factory=dict)
    content: bytes = b""
    """Body that is not JSON."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class WithHeaders:
    """Response of a handler with headers, such as `Link`."""

    body: Any
    headers: tuple[tuple[str, str], ...]


@runtime_checkable
class Content(Protocol):
    """Response of a handler with the content of a file."""

    def entire(self) -> bytes: ...


Handler = Callable[[Call], Any]


@dataclass(slots=True)
class Clock:
    """Clock that advances by a second at each call, so that nothing depends on the time of a run."""

    now: datetime = field(default_factory=lambda: datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC))

    def tick(self) -> str:
        self.now += timedelta(seconds=1)
        return self.now.strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Document:
    """Vendor's document, prepared to parse requests and check responses. Any number of stores can share it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.root = document
        self.routes = Routes(document)
        self.closed = ClosedWorld(document)
        self.inputs = Values(document)
        self.values = Values(document, responses=True)

    def schema(self, pointer: str) -> Any:
        """Return the schema at `#/components/schemas/...`, or at another local reference, or at property names below it."""
        base, *names = pointer.split(" ")
        node = resolved(self.root, {"$ref": base})
        for name in names:
            node = self.properties(node)[name]
        return node

    def properties(self, schema: Any) -> dict[str, Any]:
        """Return the properties of an object, including those of the parts of an allOf."""
        schema = resolved(self.root, schema)
        found: dict[str, Any] = dict(schema.get("properties") or {})
        for part in schema.get("allOf") or ():
            found |= self.properties(part)
        return found

    def filled(self, schema: Any, record: Mapping[str, Any], **words: str) -> Record:
        """Return the record with a value for every property that the schema requires and the record lacks: null if allowed, else
        a value of its type. `words` are texts for properties of these names."""
        schema = resolved(self.root, schema)
        found = dict(record)
        for part in (schema, *(resolved(self.root, each) for each in schema.get("allOf") or ())):
            for name in part.get("required") or ():
                if name not in found and (declared := self.properties(schema).get(name)) is not None:
                    found[name] = words.get(name) or self._any(declared)
        return found

    def _any(self, schema: Any) -> Any:
        schema = resolved(self.root, schema)
        if not self.values.check(schema, None, ""):
            return None
        if "enum" in schema:
            return schema["enum"][0]
        if alternatives := schema.get("oneOf") or schema.get("anyOf"):
            return self._any(alternatives[0])
        kind = schema.get("type", "object" if schema.get("properties") or schema.get("allOf") else "string")
        if kind == "object":
            return self.filled(schema, {})
        plain = {"uri": "https://example.net/", "date-time": "2030-01-01T00:00:00Z"}.get(schema.get("format", ""), "text")
        return {"string": plain, "integer": 0, "number": 0, "boolean": False, "array": []}[kind]

    def unfit(self, operation: Operation, code: str, body: Any) -> list[str]:
        """Return why the body of a response is not one that the document declares for the operation; nothing if it is."""
        declared = resolved(self.root, operation.node["responses"][code])
        return [
            reason
            for media_type, media in (declared.get("content") or {}).items()
            if body is not None and "json" in media_type and "schema" in media
            for reason in self.values.check(media["schema"], body, "answer")
        ]

    def write(self, record: Record, inputs: Mapping[str, Any], *, reads: Any, becomes: Mapping[str, Becomes]) -> None:
        """Apply written properties to a record of the schema `reads`.

        Raises:
            AssertionError: the document has no property from which a written one is read, and neither has a declaration.
        """
        declared = self.properties(reads)
        for name, value in inputs.items():
            if name in becomes:
                changes = becomes[name](value)
            else:
                assert name in declared, f"written {name!r} is read back nowhere: the store needs a declaration"
                if value is not None:
                    unfit = self.values.check(declared[name], value, name)
                    assert not unfit, f"written {name!r} is not what is read back: {unfit}"
                changes = {name: value}
            for target, written in changes.items():
                assert target in declared, f"{name!r} becomes {target!r}, which the record's schema does not have"
                if written is None and self.values.check(declared[target], None, target):
                    record.pop(target, None)
                else:
                    record[target] = written


class Store:
    """Server over one vendor's document. `refused` collects the requests that the document forbids: tests expect none."""

    def __init__(
        self,
        document: Document,
        handlers: Mapping[str, Handler],
        *,
        forget: Callable[[], None] = lambda: None,
        otherwise: Callable[[Request], Reply] | None = None,
    ) -> None:
        """`forget` invalidates the tokens that the server has issued for following changes; `otherwise` responds to other operations."""
        self.forget = forget
        self._otherwise = otherwise
        self.refused: list[tuple[Request, list[str]]] = []
        self._document = document
        self._handlers = handlers

    def respond(self, request: Request) -> Reply:
        if reasons := self._document.closed.verdict(request):
            self.refused.append((request, reasons))
            return _response(400, {"refused": reasons})
        match = self._document.routes.find(request.method, request.path)
        assert match is not None
        operation = match.operation
        handler = self._handlers.get(operation.id)
        if handler is None and self._otherwise is not None:
            return self._otherwise(request)
        assert handler is not None, f"the store does not keep what {operation.id} is about"
        try:
            body = handler(self._call(operation, match.path, request))
        except Refused as refused:
            return _response(refused.status, refused.body)
        if isinstance(body, Content):
            return Reply(200, (("Content-Type", "application/octet-stream"),), body.entire())
        if isinstance(body, WithHeaders):
            checked = self._checked(operation, body.body)
            return Reply(checked.status, (*checked.headers, *body.headers), checked.body)
        return self._checked(operation, body)

    def _call(self, operation: Operation, path: Mapping[str, str], request: Request) -> Call:
        given: dict[str, list[str]] = {}
        for name, text in parse_qsl(request.query, keep_blank_values=True):
            given.setdefault(name, []).append(text)
        parameters = operation.parameters
        result = {name: text for location, name in parameters if location == "header" and (text := request.header(name)) is not None}
        json_ = "json" in (request.header("Content-Type") or "json")
        return Call(
            request,
            operation,
            {name: self._document.inputs.decoded(parameters[("path", name)], [text]) for name, text in path.items()},
            {n: self._document.inputs.decoded(parameters[("query", n)], texts) for n, texts in given.items() if ("query", n) in parameters},
            json.loads(request.body, parse_float=Decimal)  # amounts are exact
            if request.body and json_
            else self._document.closed.form(operation, request),
            {
                n: self._document.inputs.decoded(parameters[("header", n)], [text])
                for n, text in result.items()
                if ("header", n) in parameters
            },
            request.body or b"" if not json_ else b"",
        )

    def _checked(self, operation: Operation, body: Any) -> Reply:
        good = [code for code in operation.node["responses"] if str(code).startswith("2")]
        code = "204" if body is None and "204" in good else good[0]  # for a range, `2XX`, its first status or 204
        wrong = self._document.unfit(operation, code, body)
        assert not wrong, f"the store's own response to {operation.id} is not of the document: {wrong}"
        return _response(int(code.replace("XX", "04" if body is None else "00")), body)


def _response(status: int, body: Any) -> Reply:
    if body is None:
        return Reply(status, (), b"")
    return Reply(status, (("Content-Type", "application/json"),), _ENCODER.encode(body))


def paths_only(record: Mapping[str, Any], paths: Iterable[str]) -> Record:
    """Return the record with only these dotted paths in it; lists are traversed."""
    wanted: dict[str, list[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        wanted.setdefault(name, [])
        if rest:
            wanted[name].append(rest)
    return {name: _inside(record[name], rest) for name, rest in wanted.items() if name in record}


def _inside(value: Any, paths: list[str]) -> Any:
    if not paths:
        return value
    if isinstance(value, list):
        return [_inside(item, paths) for item in value]
    return paths_only(value, paths) if isinstance(value, dict) else value


def counter(start: int = 1) -> Iterator[int]:
    while True:
        yield start
        start += 1
