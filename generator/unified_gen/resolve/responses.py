"""Resolver of responses: the record or the records in them, and the values that later steps use."""

from __future__ import annotations

import re

from msgspec import Struct

from unified_gen.diagnostics.codes import map003_path, map211_unknown_schema, map212_response, map216_not_compiled, map218_undeclared_host
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.language.codecs import SESSIONS
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.envelopes import around_response, entered
from unified_gen.resolve.fields import PART
from unified_gen.resolve.paths import follow, resolve_predicate
from unified_gen.resolve.record_fields import Leaf
from unified_gen.resolve.references import Scope
from unified_gen.resolve.resolved import ResolvedChoice, ResolvedHeader, ResolvedPoll, ResolvedResponse, SavedValue, VendorUnit
from unified_gen.resolve.targets import json_media
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.paths import Each, Index, Name, Path, PathFault, Segment, parse_path
from unified_openapi.schemas.shapes import Shape
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.pointers import child
from unified_openapi.source.spans import Text

ROOT = Path("@", ())


def named_schema(unit: VendorUnit, name: Text, reporter: Reporter) -> str | None:
    """Return the pointer of a schema of the vendor's document: a component, or a path in one or in the response of an operation."""
    schemas = unit.document.root.get("components", {}).get("schemas", {})
    if name.value in schemas:
        return child("/components/schemas", name.value)
    heads = sorted((head for head in (*schemas, *unit.operations) if name.value.startswith(f"{head}.")), key=len)
    if not heads:
        reporter.add(map211_unknown_schema.report(name, tuple(schemas)))
        return None
    return _inner_schema(unit, name, heads[-1], reporter)


def _inner_schema(unit: VendorUnit, name: Text, head: str, reporter: Reporter) -> str | None:
    """Return the pointer of a schema that has no name: `getIssue.issue.journals[]` is that of one journal."""
    rest = name.span.part(len(head) + 1, len(name.value) - len(head) - 1)
    text = Text(name.value[len(head) + 1 :], rest)
    facts = unit.operations.get(head)
    responded = success(facts) if facts is not None else None
    start = child("/components/schemas", head) if facts is None else responded[1] if responded is not None else None
    if start is None:
        reporter.add(map212_response.no_schema(name, head))
        return None
    try:
        path = parse_path(text.value)
    except PathFault as fault:
        reporter.add(map003_path.report(text, fault))
        return None
    reached = follow(unit.schemas, reporter, unit.schemas.shape(start), text, path, head)
    if reached.dead is not None:
        return None
    if reached.shape is None or "object" not in reached.shape.kinds:
        reporter.add(map211_unknown_schema.no_record(name))
        return None
    return reached.shape.pointer


def success(facts: OperationFacts) -> tuple[str, str] | None:
    """Return the media type and schema of the first success response that has a body."""
    for status in sorted(facts.responses):
        if status.startswith("2") and facts.responses[status]:
            media_types = facts.responses[status]
            media_type = json_media(media_types) or next(iter(media_types))
            return media_type, media_types[media_type]
    return None


def _split_list_path(path: Path) -> tuple[Path, tuple[Segment, ...]]:
    """Return the list of a path to records, and the location of the record in each of its elements: `matches[].metadata`."""
    location = next((index for index, segment in enumerate(path.segments) if isinstance(segment, Each)), None)
    if location is None:
        return path, ()
    return Path(path.text, path.segments[:location]), path.segments[location + 1 :]


class ResponseResolver(Struct, frozen=True):
    """Resolver of the responses of one operation's steps."""

    unit: VendorUnit
    reporter: Reporter
    resource: ast.Resource
    operation: ast.ModelOperation
    scope: Scope
    custom: re.Pattern[str] | None
    record: str
    """Pointer of the schema of the resource's record."""

    def response(self, step: ast.Step, facts: OperationFacts, envelope: str | None, *, final: bool) -> ResolvedResponse | None:
        found = self.response_schema(step, facts)
        binary = step.response == "bytes"
        if final and binary != self.operation.content:
            self.reporter.add(map212_response.not_bytes(step.operation, self.operation.name.value, declared=binary))
        if binary:
            return ResolvedResponse(pointer=facts.pointer, shape=Shape(facts.pointer), binary=True)
        if found is None:
            if final and not self.operation.empty:
                self.reporter.add(map212_response.no_schema(step.operation, step.operation.value))
            return None
        _, pointer = found
        shape = self.unit.schemas.shape(pointer)
        wrapped = around_response(self.unit.schemas, facts, shape, envelope)
        inner = entered(self.unit.schemas, shape, wrapped)
        if final:
            self.reporter.uses.update(shape.origins)
        if not final:
            return ResolvedResponse(pointer=pointer, shape=inner, envelope=wrapped)
        lists = self.operation.kind in ("list", "changes")
        text = step.items if lists else step.record
        path = text.path if text is not None else ROOT
        path, inside = _split_list_path(path) if lists else (path, ())
        location = text or step.operation
        reached = self.follow(inner, location, path, f"the response of {step.operation}")
        if reached.dead is not None:
            return None
        record, element = reached.shape, None
        if record is None or record.free:
            self.reporter.add(map212_response.no_schema(step.operation, step.operation.value))
            return None
        if lists:
            listed = record.items if step.items_key is None else record.additional
            if listed is None:
                self.reporter.add(map212_response.no_list(self.reporter, location, step.operation.value, record))
                return None
            record = self.unit.schemas.shape(listed)
            if step.items_key is not None and record.free:
                self.reporter.add(map212_response.no_schema(step.operation, step.operation.value))
                return None
            element = record if inside and isinstance(inside[-1], Each) else None
            within = Path(path.text, inside)
            below = self.follow(record, location, within, "an element of the list")
            if below.dead is not None:
                return None
            if below.shape is None or below.shape.free:
                self.reporter.add(map212_response.no_schema(step.operation, step.operation.value))
                return None
            record = below.shape
            if "object" not in record.kinds and self._names_parts():
                self.reporter.add(map212_response.no_objects(self.reporter, location, step.operation.value, record))
                return None
        return ResolvedResponse(
            pointer=pointer,
            shape=inner,
            record=None if lists else path,
            items=path if lists else None,
            inside=inside,
            record_shape=record,
            element_shape=element,
            envelope=wrapped,
            incomplete_if=self._within(step.incomplete_if, step, inner, wrapped) if lists and step.incomplete_if is not None else None,
        )

    def response_schema(self, step: ast.Step, facts: OperationFacts) -> tuple[str, str] | None:
        """Return the media type and schema of a step's response; of an upload in a session or work in the background, those of its last
        response.
        """
        if step.poll is not None and step.poll.schema is not None:
            pointer = named_schema(self.unit, step.poll.schema, self.reporter)
            return ("application/json", pointer) if pointer is not None else None
        session = SESSIONS.get(step.media.protocol.value) if step.media is not None and step.media.protocol is not None else None
        return ("application/json", self.record) if session is not None and session.begins else success(facts)

    def follow(self, start: Shape, text: Text, path: Path, where: str, *, any_type: bool = False) -> Walk:
        """Return the walk along a path; see `paths.follow`."""
        return follow(self.unit.schemas, self.reporter, start, text, path, where, custom=self.custom, any_type=any_type)

    def saved(self, step: ast.Step, facts: OperationFacts, envelope: str | None) -> SavedValue | None:
        if step.save is None:
            return None
        found = self.response_schema(step, facts)
        if found is None:
            self.reporter.add(map212_response.no_body(step.save.name, step.operation.value))
            return None
        shape = self.unit.schemas.shape(found[1])
        wrapped = around_response(self.unit.schemas, facts, shape, envelope)
        inner = entered(self.unit.schemas, shape, wrapped)
        leaf = self._within(step.save.path or ast.PathText("@", step.save.name.span, ROOT), step, inner, wrapped)
        if leaf is None:
            return None
        if step.each and (leaf.shape is None or leaf.shape.items is None):
            self.reporter.add(map212_response.no_list(self.reporter, leaf.text, step.operation.value, leaf.shape or inner))
            return None
        segments = leaf.path.segments
        if inner.kinds == {"array"} and not wrapped and (len(segments) > 1 or (segments and not isinstance(segments[0], Index))):
            self.reporter.add(map216_not_compiled.part_of_element(leaf.text, step.save.name.value))
            return None
        return SavedValue(
            name=step.save.name.value,
            leaf=leaf,
            searched=self._searched(step, leaf),
            listed=leaf.shape is None or leaf.shape.items is not None,
            not_found=self._missing(step),
            incomplete_if=self._within(step.incomplete_if, step, inner, wrapped) if step.incomplete_if is not None else None,
            each=step.each,
            choice=self._choice(step, leaf),
        )

    def headers(self, step: ast.Step, facts: OperationFacts) -> tuple[ResolvedHeader, ...]:
        """Return the saved headers of a response; one that the document does not declare is reported."""
        found = []
        for saved in step.save_headers:
            declared = {name for status, names in facts.headers.items() if status.startswith("2") for name in names}
            if saved.header.value.lower() not in {name.lower() for name in declared}:
                self.reporter.add(map212_response.no_header(saved.header, step.operation.value, tuple(sorted(declared))))
            parts = tuple(PART.findall(saved.pattern.value)) if saved.pattern is not None else ()
            found.append(ResolvedHeader(saved, parts))
        return tuple(found)

    def _within(self, text: ast.PathText, step: ast.Step, inner: Shape, wrapped: tuple[str, ...]) -> Leaf | None:
        """Return a location of the response, from its root on."""
        path = text.path
        reached = self.follow(inner, text, path, f"the response of {step.operation}", any_type=True)
        if reached.dead is not None:
            return None
        return Leaf(text, Path(path.text, (*(Name(name) for name in wrapped), *path.segments)), reached)

    def enclosed(self, step: ast.Step, facts: OperationFacts) -> Leaf | None:
        """Return the location of a content in the response."""
        text, found = step.base64_content, self.response_schema(step, facts)
        assert text is not None
        if found is None:
            self.reporter.add(map212_response.no_body(text, step.operation.value))
            return None
        reached = self.follow(self.unit.schemas.shape(found[1]), text, text.path, f"the response of {step.operation}")
        return Leaf(text, text.path, reached) if reached.dead is None else None

    def polled(self, step: ast.Step, facts: OperationFacts, envelope: str | None, *, final: bool) -> ResolvedPoll | None:
        """Return the conditions and messages by which responses describe work in the background."""
        poll = step.poll
        found = self.response_schema(step, facts) if poll is not None else None
        if poll is None:
            return None
        if final and not self.operation.empty:
            self.reporter.add(map212_response.polled(step.operation))
        if poll.url_header is not None and not self.unit.declaration.transfer_hosts:
            self.reporter.add(map218_undeclared_host.no_addresses(poll.url_header))
        if found is None:
            if poll.schema is None:
                self.reporter.add(map212_response.no_body(poll.until, step.operation.value))
            return None
        shape = self.unit.schemas.shape(found[1])
        wrapped = around_response(self.unit.schemas, facts, shape, envelope)
        inner = entered(self.unit.schemas, shape, wrapped)
        named = f"the response of {step.operation}" if poll.schema is None else poll.schema.value
        until, leaves = resolve_predicate(self.unit.schemas, poll.until, inner, named, self.reporter)
        failed, more = resolve_predicate(self.unit.schemas, poll.failed_if, inner, named, self.reporter)
        message = None
        if poll.message is not None:
            reached = self.follow(inner, poll.message, poll.message.path, named, any_type=True)
            if reached.dead is not None:
                return None
            message = Leaf(poll.message, poll.message.path, reached)
        if until is None or (poll.failed_if is not None and failed is None):
            return None
        return ResolvedPoll(ast=poll, until=until, failed_if=failed, message=message, leaves=(*leaves, *more))

    def _names_parts(self) -> bool:
        """Return true if a record is read by the names of its parts, and not only as a value."""
        read = [part.read.value for part in self.resource.fields if part.read is not None]
        return any(not text.startswith("@") for text in read)

    def _searched(self, step: ast.Step, leaf: Leaf) -> tuple[tuple[Leaf, Reference], ...]:
        if not step.where or leaf.shape is None:
            return ()
        if leaf.shape.items is None and leaf.shape.kinds != {"object"}:
            assert step.save is not None
            self.reporter.add(map212_response.no_list(self.reporter, leaf.text, step.operation.value, leaf.shape))
            return ()
        element = self.unit.schemas.shape(leaf.shape.items) if leaf.shape.items is not None else leaf.shape
        found = []
        for text, given in step.where:
            path = text.path
            reached = self.follow(element, text, path, "an element of the list", any_type=True)
            reference = self.scope.wanted(given, text, reached)
            if reference is not None and reference.walk is not None:
                self.reporter.used(reference.walk, any_type=True)
            if reached.dead is not None or reference is None:
                continue
            columns = reference.carrier.table.columns if reference.carrier is not None and reference.carrier.table is not None else ()
            if path.segments and columns:
                self.reporter.add(map216_not_compiled.compared_with_columns(text, reference.name))
                continue
            if not path.segments and reference.carrier is not None and reference.carrier.table is not None:
                for column in reference.carrier.table.columns:  # `"@": status` reads an element by the columns of the field's table
                    self.follow(element, column, column.path, "an element of the list")
            found.append((Leaf(text, path, reached), reference))
        return tuple(found)

    def _choice(self, step: ast.Step, leaf: Leaf) -> ResolvedChoice | None:
        if step.choose is None or leaf.shape is None or leaf.shape.items is None:
            return None
        by = step.choose.by
        reached = self.follow(self.unit.schemas.shape(leaf.shape.items), by, by.path, "an element of the list", any_type=True)
        named = self.scope.resolve(step.choose.named) if step.choose.named is not None else None
        present = self.scope.resolve(step.choose.present) if step.choose.present is not None else None
        if reached.dead is not None:
            return None
        return ResolvedChoice(Leaf(by, by.path, reached), named, present, tuple(name.value for name in step.choose.usual))

    def _missing(self, step: ast.Step) -> tuple[str | Reference, ...] | None:
        return self.scope.template(step.not_found) if step.not_found is not None else None
