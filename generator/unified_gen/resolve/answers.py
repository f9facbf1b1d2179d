"""What a step's answer is read for: the record or the records, and what is kept of it for later steps."""

from __future__ import annotations

import re

from msgspec import Struct

from unified_gen.codecs import SESSIONS
from unified_gen.documents import OperationFacts
from unified_gen.documents.pointers import child
from unified_gen.language import ast
from unified_gen.resolve import predicates
from unified_gen.resolve.following import follow
from unified_gen.resolve.references import Scope
from unified_gen.resolve.reporter import Reporter
from unified_gen.resolve.resolved import Answer, Kept, Leaf, Reference, ResolvedPoll, VendorUnit
from unified_gen.resolve.targets import json_media
from unified_gen.rules import map003_path, map211_unknown_schema, map212_answer, map218_undeclared_host
from unified_gen.schema.paths import Each, Name, Path, PathFault, Segment, parse_path
from unified_gen.schema.shapes import Shape
from unified_gen.schema.walk import Walk
from unified_gen.source import Text

WHOLE = Path("@", ())


def named_schema(unit: VendorUnit, name: Text, reporter: Reporter) -> str | None:
    """The pointer of a schema of the vendor's document."""
    schemas = unit.document.root.get("components", {}).get("schemas", {})
    if name.value in schemas:
        return child("/components/schemas", name.value)
    reporter.add(map211_unknown_schema.report(name, tuple(schemas)))
    return None


def success(facts: OperationFacts) -> tuple[str, str] | None:
    """The media type and schema of the first success answer that has a body."""
    for status in sorted(facts.responses):
        if status.startswith("2") and facts.responses[status]:
            media_types = facts.responses[status]
            media_type = json_media(media_types) or next(iter(media_types))
            return media_type, media_types[media_type]
    return None


def _taken_apart(path: Path) -> tuple[Path, tuple[Segment, ...]]:
    """The list that a path to records leads to, and where the record sits in each of its elements: `matches[].metadata`."""
    place = next((index for index, segment in enumerate(path.segments) if isinstance(segment, Each)), None)
    if place is None:
        return path, ()
    return Path(path.text, path.segments[:place]), path.segments[place + 1 :]


class AnswerResolver(Struct, frozen=True):
    """Resolves the answers of one operation's steps."""

    unit: VendorUnit
    reporter: Reporter
    resource: ast.Resource
    operation: ast.ModelOperation
    scope: Scope
    custom: re.Pattern[str] | None
    record: str
    """Pointer of the schema of the resource's record."""

    def answer(self, step: ast.Step, facts: OperationFacts, envelope: str | None, *, final: bool) -> Answer | None:
        found = self.answered(step, facts)
        binary = step.answer == "bytes"
        if final and binary != (self.operation.answer == "bytes"):
            self.reporter.add(map212_answer.not_bytes(step.call, self.operation.name.value, says=binary))
        if binary:
            return Answer(pointer=facts.pointer, shape=Shape(facts.pointer), binary=True)
        if found is None:
            if final and self.operation.like != "delete":
                self.reporter.add(map212_answer.no_schema(step.call, step.call.value))
            return None
        _, pointer = found
        shape = self.unit.schemas.shape(pointer)
        wrapped: tuple[str, ...] = ()
        if envelope is not None and envelope in shape.properties:
            wrapped = (envelope,)
        inner = self.enter(shape, wrapped)
        if final:
            self.reporter.uses.update(shape.origins)
        if not final:
            return Answer(pointer=pointer, shape=inner, envelope=wrapped)
        lists = self.operation.like in ("list", "changes")
        text = step.items if lists else step.record
        path = self.path(text) if text is not None else WHOLE
        if path is None:
            return None
        path, inside = _taken_apart(path) if lists else (path, ())
        place = text or step.call
        reached = self.follow(inner, place, path, f"the answer of {step.call}")
        if reached.dead is not None:
            return None
        record = reached.shape
        if record is None or record.free:
            self.reporter.add(map212_answer.no_schema(step.call, step.call.value))
            return None
        if lists:
            listed = record.items if step.keyed is None else record.additional
            if listed is None:
                self.reporter.add(map212_answer.no_list(self.reporter, place, step.call.value, record))
                return None
            record = self.unit.schemas.shape(listed)
            if step.keyed is not None and record.free:
                self.reporter.add(map212_answer.no_schema(step.call, step.call.value))
                return None
            within = Path(path.text, inside)
            below = self.follow(record, place, within, "an element of the list")
            if below.dead is not None:
                return None
            if below.shape is None or below.shape.free:
                self.reporter.add(map212_answer.no_schema(step.call, step.call.value))
                return None
            record = below.shape
            if "object" not in record.kinds and self._names_parts():
                self.reporter.add(map212_answer.no_objects(self.reporter, place, step.call.value, record))
                return None
        return Answer(
            pointer=pointer,
            shape=inner,
            record=None if lists else path,
            items=path if lists else None,
            inside=inside,
            record_shape=record,
            envelope=wrapped,
        )

    def answered(self, step: ast.Step, facts: OperationFacts) -> tuple[str, str] | None:
        """The media type and schema of a step's answer: of an upload in a session, of work in the background, that of what ends it."""
        if step.poll is not None and step.poll.reads is not None:
            pointer = named_schema(self.unit, step.poll.reads, self.reporter)
            return ("application/json", pointer) if pointer is not None else None
        session = SESSIONS.get(step.media.how.value) if step.media is not None and step.media.how is not None else None
        return ("application/json", self.record) if session is not None and session.begins else success(facts)

    def enter(self, shape: Shape, envelope: tuple[str, ...]) -> Shape:
        for name in envelope:
            shape = self.unit.schemas.shape(shape.properties[name])
        return shape

    def path(self, text: Text) -> Path | None:
        try:
            return parse_path(text.value)
        except PathFault as fault:
            self.reporter.add(map003_path.report(text, fault))
            return None

    def follow(self, start: Shape, text: Text, path: Path, where: str) -> Walk:
        """What a path leads to; see `following.follow`."""
        return follow(self.unit.schemas, self.reporter, start, text, path, where, custom=self.custom)

    def kept(self, step: ast.Step, facts: OperationFacts, envelope: str | None) -> Kept | None:
        if step.keep is None:
            return None
        found = self.answered(step, facts)
        if found is None:
            self.reporter.add(map212_answer.no_body(step.keep.name, step.call.value))
            return None
        shape = self.unit.schemas.shape(found[1])
        wrapped = (envelope,) if envelope is not None and envelope in shape.properties else ()
        inner = self.enter(shape, wrapped)
        leaf = self._within(step.keep.path or Text("@", step.keep.name.span), step, inner, wrapped)
        if leaf is None:
            return None
        return Kept(
            name=step.keep.name.value,
            leaf=leaf,
            searched=self._searched(step, leaf),
            listed=leaf.shape is None or leaf.shape.items is not None,
            missing=self._missing(step),
            more=self._within(step.more, step, inner, wrapped) if step.more is not None else None,
        )

    def _within(self, text: Text, step: ast.Step, inner: Shape, wrapped: tuple[str, ...]) -> Leaf | None:
        """A place of the answer, from its root on."""
        path = self.path(text)
        if path is None:
            return None
        reached = self.follow(inner, text, path, f"the answer of {step.call}")
        if reached.dead is not None:
            return None
        return Leaf(text, Path(path.text, (*(Name(name) for name in wrapped), *path.segments)), reached)

    def polled(self, step: ast.Step, facts: OperationFacts, envelope: str | None, *, final: bool) -> ResolvedPoll | None:
        """What answers say of work in the background."""
        poll = step.poll
        found = self.answered(step, facts) if poll is not None else None
        if poll is None:
            return None
        if final and self.operation.like != "delete":
            self.reporter.add(map212_answer.polled(step.call))
        if poll.at is not None and not self.unit.declaration.addresses:
            self.reporter.add(map218_undeclared_host.no_addresses(poll.at))
        if found is None:
            if poll.reads is None:
                self.reporter.add(map212_answer.no_body(poll.until, step.call.value))
            return None
        shape = self.unit.schemas.shape(found[1])
        wrapped = (envelope,) if envelope is not None and envelope in shape.properties else ()
        inner = self.enter(shape, wrapped)
        named = f"the answer of {step.call}" if poll.reads is None else poll.reads.value
        until, leaves = predicates.resolved(self.unit.schemas, poll.until, inner, named, self.reporter)
        failed, more = predicates.resolved(self.unit.schemas, poll.failed, inner, named, self.reporter)
        message = None
        path = self.path(poll.message) if poll.message is not None else None
        if path is not None and poll.message is not None:
            reached = self.follow(inner, poll.message, path, named)
            if reached.dead is not None:
                return None
            message = Leaf(poll.message, path, reached)
        if until is None or (poll.failed is not None and failed is None):
            return None
        return ResolvedPoll(ast=poll, until=until, failed=failed, message=message, leaves=(*leaves, *more))

    def _names_parts(self) -> bool:
        """Whether a record is read by what its parts are called, and not only as a value."""
        read = [part.read.value for part in self.resource.fields if part.read is not None]
        return any(not text.startswith("@") for text in read)

    def _searched(self, step: ast.Step, leaf: Leaf) -> tuple[tuple[Leaf, Reference], ...]:
        if not step.where or leaf.shape is None:
            return ()
        if leaf.shape.items is None and leaf.shape.kinds != {"object"}:
            assert step.keep is not None
            self.reporter.add(map212_answer.no_list(self.reporter, leaf.text, step.call.value, leaf.shape))
            return ()
        element = self.unit.schemas.shape(leaf.shape.items) if leaf.shape.items is not None else leaf.shape
        found = []
        for text, name in step.where:
            reference = self.scope.resolve(name)
            path = self.path(text)
            if reference is None or path is None:
                continue
            reached = self.follow(element, text, path, "an element of the list")
            if reached.dead is not None:
                continue
            if not path.segments and reference.carrier is not None and reference.carrier.table is not None:
                for column in reference.carrier.table.columns:
                    self._column(element, column)
            found.append((Leaf(text, path, reached), reference))
        return tuple(found)

    def _column(self, element: Shape, column: Text) -> None:
        """`"@": status` reads an element by the columns of the field's table: each must be there."""
        path = self.path(column)
        if path is not None:
            self.follow(element, column, path, "an element of the list")

    def _missing(self, step: ast.Step) -> tuple[str | Reference, ...] | None:
        return self.scope.template(step.missing) if step.missing is not None else None
