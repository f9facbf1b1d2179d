"""Checks of `specs/<vendor>/behaviour.yaml`: what facts name is in the vendor's complete documents."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.specs.codes import UNKNOWN_SUBJECT
from unified_gen.specs.update import OVERLAY, SLICE
from unified_openapi.behaviour.kinds import (
    Action,
    AnyFact,
    Cap,
    Cascade,
    Content,
    CustomFields,
    Default,
    Embedded,
    IdForm,
    Matching,
    Omission,
    Order,
    QueryLanguage,
    Reference,
    Sample,
    ServerValue,
    StateMachine,
)
from unified_openapi.behaviour.load import BEHAVIOUR, Behaviour, load_behaviour, situations
from unified_openapi.behaviour.webhooks import Webhook, WebhookEvent
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents import Document, OperationFacts, load_document, operations
from unified_openapi.documents.overlay import apply, load_overlay
from unified_openapi.documents.reading import DocumentFault
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.entries import FACTS
from unified_openapi.schemas.shapes import Schemas, Shape

_DEEPEST = 4
"""Levels of a response at which the record that a path begins in is looked up."""


class Subject(Struct, frozen=True):
    """Name in a fact: its location in the file, and the values that the fact gives it."""

    at: tuple[str | int, ...]
    path: str
    values: tuple[Any, ...] = ()


def check_behaviour(folder: Path) -> tuple[Behaviour, list[Diagnostic]]:
    """Return the behaviour of a vendor and the findings in it.

    Args:
        folder: `specs/<vendor>`.
    """
    if not (folder / BEHAVIOUR).is_file():
        return Behaviour(), []
    try:
        behaviour = load_behaviour(folder, f"specs/{folder.name}/{BEHAVIOUR}")
        known = Known(_documents(folder))
    except DocumentFault as fault:
        return Behaviour(), [fault.diagnostic]
    found = [*behaviour.faults]
    for name, fact in behaviour.facts.items():
        found += known.findings(behaviour, name, fact)
    return behaviour, sorted(found, key=lambda diagnostic: diagnostic.order)


def _documents(folder: Path) -> Iterator[Document]:
    """Yield the complete documents of a vendor, and the slice with its overlay, which may have operations that these lack."""
    if (folder / FACTS).is_file():
        yield from open_facts(folder).values()
    if (folder / SLICE).is_file():
        document = load_document(folder / SLICE)
        yield apply(document, load_overlay(folder / OVERLAY)) if (folder / OVERLAY).is_file() else document


class Known:
    """Operations of a vendor's documents, and the properties of their requests and responses."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._operations: dict[str, list[tuple[OperationFacts, Schemas]]] = {}
        for document in documents:
            schemas = Schemas(document)
            for operation in operations(document).values():
                for name in {operation.name, operation.endpoint}:
                    self._operations.setdefault(name, []).append((operation, schemas))

    def findings(self, behaviour: Behaviour, name: str, fact: AnyFact) -> Iterator[Diagnostic]:
        """Report what a fact names and the documents lack."""
        missing = False
        for at, operation in _operations(fact):
            if operation not in self._operations:
                missing = True
                span = behaviour.span("facts", name, *at)
                yield finding(UNKNOWN_SUBJECT, f"the documents have no operation `{operation}`", span, help=self._near(operation))
        if missing:
            return
        stored = _stored(behaviour)
        schemas = [schema for _, operation in _operations(fact) for each in self._operations[operation] for schema in _schemas(*each)]
        for subject in _subjects(fact):
            span = behaviour.span("facts", name, *subject.at)
            if not schemas:
                yield finding(UNKNOWN_SUBJECT, f"`{subject.path}` is a property of no operation: the fact names none", span)
                continue
            found = [shape for schema in schemas if (shape := schema.resolve(subject.path)) is not None]
            if not found and subject.path.rpartition(".")[2] in stored:
                continue
            if not found:
                names = {each for schema in schemas for each in schema.names(subject.path)}
                help = did_you_mean(subject.path, sorted(names))
                yield finding(UNKNOWN_SUBJECT, f"the operations have no property or parameter `{subject.path}`", span, help=help)
            else:
                yield from _values(subject, found, span)

    def _near(self, operation: str) -> str | None:
        return did_you_mean(operation, self._operations)


def _stored(behaviour: Behaviour) -> set[str]:
    """Return the properties of records that facts set: documents do not declare those that no response has."""
    acting = [fact for fact in behaviour.facts.values() if isinstance(fact, Action | Default | Sample)]
    added = [name for fact in acting if isinstance(fact, Action) for name in fact.adds]
    return {*added, *(name for fact in acting for name in fact.values)}


def _values(subject: Subject, shapes: list[Shape], span: Any) -> Iterator[Diagnostic]:
    """Report values that no schema of a property allows."""
    for value in subject.values:
        if value is None or (isinstance(value, str) and value.startswith("$")) or isinstance(value, dict | list):
            continue
        allowed = [shape.enum_values for shape in shapes]
        if any(each is None or value in each for each in allowed):
            continue
        known = [str(each) for enum in allowed for each in enum or ()]
        yield finding(UNKNOWN_SUBJECT, f"`{value}` is not a value of `{subject.path}`", span, help=did_you_mean(str(value), known))


class _Schema(Struct, frozen=True):
    """Schema that paths of a fact may begin in. `exact`: they begin at its root."""

    schemas: Schemas
    roots: Mapping[str, str]
    exact: bool

    def resolve(self, path: str) -> Shape | None:
        """Return the shape that a path leads to; one that allows anything if it leads into an object without declared properties."""
        for node in self._nodes():
            for parts in _splits(path.replace("[]", "")):
                found = self._follow(node, parts)
                if found is not None:
                    return found
        return None

    def names(self, path: str) -> Iterator[str]:
        """Yield the paths that a path may have meant."""
        head, _, _ = path.rpartition(".")
        first, dot, rest = path.partition(".")
        for node in self._nodes():
            if first not in node:
                yield from (f"{name}{dot}{rest}" for name in node)
            elif head and (inner := self._follow(node, head.split("."))) is not None:
                yield from (f"{head}.{name}" for name in self._members(inner))

    def _nodes(self) -> Iterator[Mapping[str, str]]:
        yield self.roots
        level, seen = list(self.roots.values()), set[str]()
        for _ in range(0 if self.exact else _DEEPEST):
            following: list[str] = []
            for pointer in level:
                target = self.schemas.target(pointer)
                if target not in seen:
                    seen.add(target)
                    members = self._members(self.schemas.shape(pointer))
                    if members:
                        yield members
                    following += members.values()
            level = following

    def _follow(self, members: Mapping[str, str], parts: list[str]) -> Shape | None:
        shape: Shape | None = None
        for number, part in enumerate(parts):
            if part not in members:
                return Shape("") if number and shape is not None and self._open(shape) else None
            shape = self.schemas.shape(members[part])
            members = self._members(shape)
        while shape is not None and shape.items is not None and shape.enum_values is None:
            shape = self.schemas.shape(shape.items)
        return shape

    def _members(self, shape: Shape) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for variant in (shape, *shape.variants()):
            while variant.items is not None:
                variant = self.schemas.shape(variant.items)
            for each in (variant, *variant.variants()):
                found |= {name: at for name, at in each.properties.items() if name not in found}
        return found

    def _open(self, shape: Shape) -> bool:
        while shape.items is not None:
            shape = self.schemas.shape(shape.items)
        return any(each.additional is not None or not each.properties for each in (shape, *shape.variants()))


def _splits(path: str) -> Iterator[list[str]]:
    """Yield the names that a path may consist of, the usual ones first: names may have dots, such as `m.relates_to`."""
    parts = path.split(".")
    yield parts
    if len(parts) > 6:
        return
    for count in range(len(parts) - 1):
        for at in itertools.combinations(range(1, len(parts)), count):
            yield [".".join(parts[first:last]) for first, last in itertools.pairwise((0, *at, len(parts)))]


def _schemas(operation: OperationFacts, schemas: Schemas) -> Iterator[_Schema]:
    yield _Schema(schemas, {one.name: one.schema for one in operation.parameters}, True)
    pointers = [*operation.bodies.values()]
    pointers += [at for status, kinds in operation.responses.items() if status[:1] == "2" for at in kinds.values()]
    for pointer in pointers:
        yield _Schema(schemas, _Schema(schemas, {}, True)._members(schemas.shape(pointer)), False)


def _operations(fact: AnyFact) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the operations that a fact names, with their locations in it."""
    yield from ((("operations", number), name) for number, name in enumerate(fact.operations))
    if (
        isinstance(fact, Action | Cascade | Content | CustomFields | Embedded | Matching | Omission | Order | Reference | ServerValue)
        and fact.record is not None
    ):
        yield ("record",), fact.record
    if isinstance(fact, WebhookEvent):
        yield from ((("related", name), operation) for name, operation in fact.related.items())
    if isinstance(fact, StateMachine):
        for key, name in (("record", fact.record), ("lists", fact.lists), ("performs", fact.performs)):
            if name is not None:
                yield (key,), name


def _subjects(fact: AnyFact) -> Iterator[Subject]:
    """Yield the properties and parameters that a fact names."""
    yield from (Subject(("properties", number), path) for number, path in enumerate(getattr(fact, "properties", ())))
    if isinstance(fact, ServerValue | Default):
        yield from (Subject(("values", path), path, (value,)) for path, value in fact.values.items())
    if isinstance(fact, Matching | QueryLanguage | IdForm):
        yield Subject(("parameter",), fact.parameter)
    for key, situation in situations(fact):
        for part, mapping in (("request", situation.request), ("record", situation.record)):
            yield from (Subject((key, part, path), path, _each(value)) for path, value in mapping.items())
        yield from (Subject((key, "sends", number), path) for number, path in enumerate(situation.sends))
    if isinstance(fact, CustomFields):
        yield from (Subject((key,), path) for key, path in (("sent", fact.sent), ("stored", fact.stored)))
        if fact.parameter is not None:
            yield Subject(("parameter",), fact.parameter)
    if isinstance(fact, Content):
        yield from (Subject(("describes", path), path) for path in fact.describes)
    if isinstance(fact, Webhook):
        named = (("url", fact.url), ("secret", fact.secret), ("subscribes", fact.subscribes), ("about", fact.about))
        yield from (Subject((key,), path) for key, path in named if path is not None)
    if isinstance(fact, WebhookEvent):
        yield from (Subject(("changes", number), path) for number, path in enumerate(fact.changes))
        if fact.each is not None:
            yield Subject(("each",), fact.each)
    if isinstance(fact, Omission):
        yield from (Subject(("records", path), path, _each(value)) for path, value in fact.records.items())
    if isinstance(fact, Cascade):
        yield Subject(("refers",), fact.refers)
    if isinstance(fact, Order):
        yield Subject(("by",), fact.by)
    if isinstance(fact, Embedded):
        yield Subject(("property",), fact.property)
    if isinstance(fact, Cap):
        yield from (Subject(("marks", path), path, (value,)) for path, value in fact.marks.items())
    if isinstance(fact, StateMachine):
        yield Subject(("property",), fact.property)
        if fact.by is not None:
            yield Subject(("by",), fact.by)
        for number, transition in enumerate(fact.transitions):
            yield from (Subject(("transitions", number, "requires", at), path) for at, path in enumerate(transition.requires))


def _each(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)
