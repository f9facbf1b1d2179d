"""Roles of operations, by the shape of their paths, methods and responses: which create, read, update, delete or list which records.

A path such as `/projects/{id}/tasks` names a collection, `/tasks/{id}` one of its records; segments such as `chat.postMessage` and
`tasks/search` have a verb. What an operation without such a shape does is not in the document: it has no role.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from unified_openapi.documents.operations import OperationFacts, Operations
from unified_openapi.documents.words import (
    CREATES,
    DELETES,
    IDENTIFIERS,
    LISTS,
    READS,
    UPDATES,
    identifies,
    noun,
    referenced,
    singular,
    verb,
    words,
)
from unified_openapi.schemas.shapes import Schemas, Shape

LIST, GET, CREATE, UPDATE, DELETE = "list", "get", "create", "update", "delete"
_PARAMETER = re.compile(r"\{([^{}]+)\}")
_SUFFIX = re.compile(r"\.(?:json|\{format\})$")
_META = frozenset(
    {"errors", "error", "warnings", "meta", "paging", "pagination", "links", "_links", "response_metadata", "names", "schema"}
)
_DATA = ("data", "nodes", "items", "values", "results", "records", "entries", "value", "list", "matches", "result", "objects")
_WRAPPERS = ("data", "result", "body", "response")
_KEYS = ("id", "gid", "key", "ts", "uuid", "_id", "event_id", "user_id")
_SELF = ("me", "@me", "current", "self")
"""Segments of paths that mean the record of the authenticated user."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Literal of a path with the parameters that follow it."""

    name: str
    parameters: tuple[str, ...]

    @property
    def noun(self) -> str:
        return noun(self.name)

    def above(self, parameter: str) -> str:
        """Return the noun of what a parameter identifies, above the records: without a literal, the first word of its name."""
        return self.noun or words(parameter)[0]


@dataclass(frozen=True, slots=True)
class Role:
    """Role of an operation. `at` is the path of the record, or of the list, in the response; `record` the pointer of its schema.

    `ids` are the parameters that identify the record; `scope` maps the other path parameters to the nouns of what they identify.
    `body_at` is the path in the request's body of the object that holds the record's properties.
    """

    kind: str
    operation: OperationFacts
    noun: str
    record: str | None
    at: tuple[str, ...] = ()
    response: str | None = None
    status: int = 200
    ids: tuple[str, ...] = ()
    scope: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    body_at: tuple[str, ...] = ()
    single: bool = False
    """True for a path without an id, such as `/users/me`: it returns one record, always the same."""


def segments(path: str) -> tuple[Segment, ...]:
    """Return the literals of a path, each with the parameters behind it."""
    found: list[Segment] = []
    for text in re.split(r"[/:]", _SUFFIX.sub("", path.partition("?")[0]).strip("/")):
        names = _PARAMETER.findall(text)
        literal = _PARAMETER.sub("", text).strip("()'=.,")
        if literal and not (names and found and not literal.isalnum()):
            found.append(Segment(literal, tuple(names)))
        elif found:
            found[-1] = Segment(found[-1].name, (*found[-1].parameters, *names))
        else:
            found.append(Segment("", tuple(names)))
    return tuple(found)


class Roles:
    """The roles of a document's operations, by `METHOD /path`."""

    def __init__(self, operations: Operations, schemas: Schemas) -> None:
        self._schemas = schemas
        self._operations = [operations[name] for name in operations]
        self._endpoints = {one.endpoint for one in self._operations}
        paths = [one.path for one in self._operations if one.method == "GET" and one.path.endswith("}") and self._has_items(one.path)]
        self._containers = {(last.name, last.parameters[-1]) for last in (segments(path)[-1] for path in paths)}
        self.by_endpoint: dict[str, Role] = {}
        for operation in self._operations:
            role = self._role(operation)
            if role is not None:
                self.by_endpoint[operation.endpoint] = role
        self._prefixed()

    def _role(self, operation: OperationFacts) -> Role | None:
        parts = segments(operation.path)
        if not parts:
            return None
        status, response = self.response(operation)
        shape = self._schemas.shape(response) if response is not None else None
        last, called = parts[-1], verb(parts[-1].name) if not parts[-1].parameters else None
        method = operation.method
        if method == "GET" or (method == "POST" and called in LISTS | READS):
            return self._reading(operation, parts, shape, response, status, called)
        body, body_at = self._body(operation)
        common = {"operation": operation, "response": response, "status": status, "body": body, "body_at": body_at}
        if called in DELETES or method == "DELETE":
            if method == "DELETE" and not last.parameters:
                return None
            return self._item(DELETE, parts, shape, common, called)
        if method in ("PUT", "PATCH") and last.parameters and f"GET {operation.path}" in self._endpoints:
            return self._item(UPDATE, parts, shape, common, called)
        if method in ("POST", "PUT") and called in UPDATES and body is not None:
            return self._item(UPDATE, parts, shape, common, called)
        if method != "POST":
            return None
        collection = not last.name and self._has_items(operation.path)  # /{base}/{table} has records /{base}/{table}/{record}
        if last.parameters and f"GET {operation.path}" in self._endpoints and not collection:
            return self._item(UPDATE, parts, shape, common, called)
        if last.parameters and not collection and called is None and f"GET {operation.path}" not in self._endpoints:
            return self._create(parts, shape, common, called) if self._has_items(operation.path) else None
        return self._create(parts, shape, common, called)

    def _above(self, part: Segment, parameter: str) -> str:
        """Return the noun of what a parameter identifies: a workspace in /repositories/{workspace}/{slug}, if /repositories/{workspace} is
        a list. A plain `id` has no noun of its own: /boards/{id}/{field} reads one property of a board.
        """
        named = (part.name, parameter) in self._containers and words(parameter)[0] not in IDENTIFIERS
        return words(parameter)[0] if named else part.above(parameter)

    def _has_items(self, path: str) -> bool:
        return any(re.fullmatch(re.escape(f"GET {path}/") + r"\{[^/]+\}", endpoint) for endpoint in self._endpoints)

    def response(self, operation: OperationFacts) -> tuple[int, str | None]:
        """Return the status and the schema of an operation's response if it succeeds: without a body, if only that has a schema."""
        for status, media in operation.responses.items():
            if status.startswith("2"):
                pointer = next((pointer for kind, pointer in media.items() if "json" in kind), None)
                if pointer is not None and "204" in operation.responses and not self._describes(self._schemas.shape(pointer)):
                    return 204, None
                return int(status.replace("XX", "00")), pointer
        for media in (media for status, media in operation.responses.items() if status == "default"):
            return 200, next((pointer for kind, pointer in media.items() if "json" in kind), None)
        return 200, None

    @staticmethod
    def _describes(shape: Shape) -> bool:
        return bool(shape.properties or shape.arms or shape.items or shape.additional)

    def _body(self, operation: OperationFacts) -> tuple[str | None, tuple[str, ...]]:
        pointer = next((pointer for kind, pointer in operation.bodies.items() if "json" in kind or "urlencoded" in kind), None)
        if pointer is None:
            return None, ()
        shape = self._schemas.shape(pointer)
        objects = [name for name, inner in shape.properties.items() if "object" in self._schemas.shape(inner).kinds]
        if len(shape.properties) == 1 and len(objects) == 1 and (objects[0] in _WRAPPERS or self._names_record(objects[0], operation)):
            return pointer, (objects[0],)
        return pointer, ()

    def _names_record(self, name: str, operation: OperationFacts) -> bool:
        return noun(name) in {part.noun for part in segments(operation.path)}

    def _reading(
        self,
        operation: OperationFacts,
        parts: tuple[Segment, ...],
        shape: Shape | None,
        response: str | None,
        status: int,
        called: str | None,
    ) -> Role | None:
        if shape is None or response is None:
            return None
        last = parts[-1]
        named = self._noun(parts, called)
        one, many = self.locate_one(response, named), self.locate_many(shape, named)
        themselves = last.name in _SELF and not last.parameters and one is not None
        # of /{workspace}/{repository}, the list is /{workspace}
        collection = not last.parameters or self._has_items(operation.path)
        prefer_list = not themselves and (called in LISTS or (collection and called not in READS))
        if not any(part.name and (part.parameters or verb(part.name) is None) for part in parts) and self._queries(operation):
            return None
        if many is not None and (one is None or (prefer_list and (not self._identified(shape, ()) or "array" in shape.types))):
            at, items = many
            scope = tuple((name, self._above(part, name)) for part in parts for name in part.parameters)
            record_noun = noun(at[-1]) if called in LISTS and at and at[-1] not in _DATA else named
            body = self._body(operation)[0] if operation.method == "POST" else None
            return Role(LIST, operation, record_noun, items, at, response, status, (), scope, body)
        if one is None:
            return None
        at, record = one
        ids = self._ids(operation.path, last)
        scope = tuple((name, self._above(part, name)) for part in parts for name in part.parameters if name not in ids)
        rpc = "." in last.name and called in READS
        if not ids and called in READS:
            own = noun(at[-1]) if rpc and at else named
            queried = [one for one in operation.parameters if one.location == "query"]
            ids = tuple(one.name for one in queried if noun(one.name) == own or referenced(one.name) == own)[:1]
            if not ids:  # what identifies the record is not in the document
                return None
        if not ids:
            properties = self._schemas.shape(record).properties
            queried = [one for one in operation.parameters if one.location == "query" and one.name in properties]
            ids = tuple(one.name for one in queried if referenced(one.name) is not None or identifies(one.name, strictly=True))[:1]
        return Role(GET, operation, noun(at[-1]) if rpc and at else named, record, at, response, status, ids, scope, single=not ids)

    @staticmethod
    def _queries(operation: OperationFacts) -> bool:
        """Return true if an operation is given a query in a language, which names the records itself."""
        return any(one.name in ("q", "query") and one.location == "query" for one in operation.parameters)

    def _noun(self, parts: tuple[Segment, ...], called: str | None) -> str:
        """Return the noun of the records: that of the last literal which is not a verb."""
        found = [part for part in parts if part.name and (part.parameters or not (verb(part.name) and len(words(part.name)) == 1))]
        last = found[-1] if found else parts[-1]
        if called is not None and last is parts[-1]:
            rest = [word for word in words(last.name) if word not in LISTS | READS | CREATES | UPDATES | DELETES]
            if rest:
                return "_".join([*rest[:-1], singular(rest[-1])])
        if last.name in _SELF and len(found) > 1:
            return found[-2].noun
        return last.noun

    def _ids(self, path: str, last: Segment) -> tuple[str, ...]:
        """Return the parameters behind the last literal that its collection's path does not have."""
        if len(last.parameters) < 2:
            return last.parameters
        shorter = path.rpartition("/")[0]
        collection = any(f"{method} {shorter}" in self._endpoints for method in ("GET", "POST"))
        return last.parameters[-1:] if collection else last.parameters

    def _item(
        self, kind: str, parts: tuple[Segment, ...], shape: Shape | None, common: Mapping[str, object], called: str | None
    ) -> Role | None:
        operation = common["operation"]
        assert isinstance(operation, OperationFacts)
        last = parts[-1]
        if called is not None and not last.parameters and len(parts) > 1 and parts[-2].parameters:
            last, parts = parts[-2], parts[:-1]
            called = None
        ids = self._ids(operation.path, last)
        scope = tuple((name, self._above(part, name)) for part in parts for name in part.parameters if name not in ids)
        response = common["response"]
        one = self.locate_one(response, self._noun(parts, called)) if isinstance(response, str) else None
        at, record = one or ((), None)
        return Role(kind, noun=self._noun(parts, called), record=record, at=at, ids=ids, scope=scope, **common)  # type: ignore[arg-type]

    def _create(self, parts: tuple[Segment, ...], shape: Shape | None, common: Mapping[str, object], called: str | None) -> Role | None:
        response = common["response"]
        if shape is None or not isinstance(response, str):
            return None
        named = self._noun(parts, called)
        one = self.locate_one(response, named)
        dotted = "." in parts[-1].name
        if one is None or (called not in CREATES and (dotted or called is not None)) or self._adds_existing(common, named):
            return None
        operation = common["operation"]
        assert isinstance(operation, OperationFacts)
        known = f"GET {operation.path}" in self._endpoints or self._has_items(operation.path) or called in CREATES
        if not known and not self._identified(shape, one[0]):
            return None
        at, record = one
        scope = tuple((name, self._above(part, name)) for part in parts for name in part.parameters)
        return Role(CREATE, noun=noun(at[-1]) if dotted and at else named, record=record, at=at, scope=scope, **common)  # type: ignore[arg-type]

    def _adds_existing(self, common: Mapping[str, object], named: str) -> bool:
        """Return true if a body only names an existing record, by its id: that is a relation of two records, not a new one."""
        body = common["body"]
        return isinstance(body, str) and any(referenced(name) == named for name in self._schemas.shape(body).required)

    def _prefixed(self) -> None:
        """Give operations such as `chat.update` the noun of what `chat.postMessage` creates."""
        created = {role.operation.path.partition(".")[0]: role for role in self.by_endpoint.values() if role.kind == CREATE}
        for endpoint, role in self.by_endpoint.items():
            prefix, dot, _ = role.operation.path.partition(".")
            if dot and role.kind in (UPDATE, DELETE) and prefix in created and noun(prefix.strip("/")) == role.noun:
                self.by_endpoint[endpoint] = replace(role, noun=created[prefix].noun)

    # ------------------------------------------------------------------------------------------------- responses
    def _identified(self, shape: Shape, at: tuple[str, ...]) -> bool:
        for name in at:
            shape = self._schemas.shape(shape.properties[name])
        properties = {name for variant in (shape, *shape.variants()) for name in variant.properties}
        return any(name.lower() in _KEYS for name in properties)

    def locate_one(self, pointer: str, named: str) -> tuple[tuple[str, ...], str] | None:
        """Return the path and the schema of the record in a response."""
        shape = self._schemas.shape(pointer)
        if "array" in shape.types:
            return None
        own = named.rpartition("_")[2]
        objects = {
            name: inner
            for name, inner in shape.properties.items()
            if name not in _META and "object" in self._schemas.shape(inner).kinds and "array" not in self._schemas.shape(inner).types
        }
        envelope = [name for name in objects if noun(name) in (named, own)] or [name for name in objects if name in _WRAPPERS]
        if len(envelope) == 1 and (
            not any(name.lower() in ("id", "gid", "key", "sha") for name in shape.properties) or self._repeats(shape, envelope[0], named)
        ):
            deeper = self.locate_one(objects[envelope[0]], named) if envelope[0] in _WRAPPERS else None
            return ((envelope[0], *deeper[0]), deeper[1]) if deeper is not None else ((envelope[0],), objects[envelope[0]])
        component = noun(self._schemas.target(pointer).rpartition("/")[2])  # `API_Entities_Branch` is a branch
        if self._identified(shape, ()) or f"_{component}".endswith(f"_{named}"):
            return (), pointer
        single = [name for name in objects if self._identified(shape, (name,))]
        return ((single[0],), objects[single[0]]) if len(single) == 1 else None

    def _repeats(self, shape: Shape, name: str, named: str) -> bool:
        """Return true if a property holds the record, and the others only repeat some of its properties: `{id, webhook: {id, url}}`."""
        inner = self._schemas.shape(shape.properties[name]).properties
        return noun(name) == named and set(shape.properties) - {name} <= set(inner)

    def locate_many(self, shape: Shape, named: str) -> tuple[tuple[str, ...], str] | None:
        """Return the path of the list in a response, and the schema of its items."""
        if "array" in shape.types:
            return ((), shape.items) if shape.items is not None and self._is_record(shape.items) else None
        lists = {
            name: inner.items
            for name, pointer in shape.properties.items()
            if name not in _META
            and "array" in (inner := self._schemas.shape(pointer)).types
            and inner.items is not None
            and self._is_record(inner.items)
        }
        chosen = [name for name in lists if noun(name) == named] or [name for name in lists if name in _DATA] or list(lists)
        if len(chosen) == 1:
            items = lists[chosen[0]]
            return ((chosen[0],), items) if items is not None else None
        if lists:
            return None
        for name in _DATA:
            if name in shape.properties:
                deeper = self.locate_many(self._schemas.shape(shape.properties[name]), named)
                if deeper is not None:
                    return (name, *deeper[0]), deeper[1]
        return None

    def _is_record(self, pointer: str) -> bool:
        return "object" in self._schemas.shape(pointer).kinds
