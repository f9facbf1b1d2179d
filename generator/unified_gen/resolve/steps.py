"""Bind one request of an operation: what it calls, what fills each of its inputs, what its answer is read for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from unified_gen.codecs import LANGUAGES, SESSIONS
from unified_gen.documents import OperationFacts, ParameterFacts
from unified_gen.language import ast
from unified_gen.resolve import predicates
from unified_gen.resolve.references import Scope
from unified_gen.resolve.reporter import Reporter
from unified_gen.resolve.resolved import (
    Answer,
    Assignment,
    Condition,
    Kept,
    Leaf,
    Reference,
    ResolvedClause,
    ResolvedCursor,
    ResolvedField,
    ResolvedMedia,
    ResolvedPaging,
    ResolvedQuery,
    ResolvedStep,
    Target,
    VendorUnit,
)
from unified_gen.resolve.targets import Body, Namespace, header_body, json_media, request_body
from unified_gen.rules import (
    map003_path,
    map004_unknown_reference,
    map101_unknown_operation,
    map107_paging,
    map201_unknown_path,
    map212_answer,
    map216_not_compiled,
    map217_upload,
    map218_undeclared_host,
)
from unified_gen.schema.paths import Each, Name, Path, PathFault, Segment, parse_path
from unified_gen.schema.shapes import Shape
from unified_gen.schema.walk import walk
from unified_gen.source import Text

WHOLE = Path("@", ())
_WRITTEN = re.compile(r"application/(?:[\w.+-]+\+)?json\b|application/x-www-form-urlencoded|\*/\*")
"""Media types that fields are written in."""
_STRUCTURED = re.compile(r"application/(?:[\w.+-]+\+)?json\b|multipart/|application/x-www-form-urlencoded")
"""Media types of bodies that are put together from fields."""


def _taken_apart(path: Path) -> tuple[Path, tuple[Segment, ...]]:
    """The list that a path to records leads to, and where the record sits in each of its elements: `matches[].metadata`."""
    place = next((index for index, segment in enumerate(path.segments) if isinstance(segment, Each)), None)
    if place is None:
        return path, ()
    return Path(path.text, path.segments[:place]), path.segments[place + 1 :]


def _told_by(condition: Condition | None) -> set[str]:
    """Inputs whose value a condition says: a step that runs for `status == 'done'` alone needs no further word of it."""
    groups = condition.any_of if condition is not None else ()
    return {test.reference.name for group in groups for test in group if test.value is not None and not test.differs}


@dataclass(frozen=True, slots=True)
class StepResolver:
    """Resolves the steps of one operation, in order; what a step keeps enters the scope of the next."""

    unit: VendorUnit
    reporter: Reporter
    resource: ast.Resource
    model: ast.Model
    operation: ast.ModelOperation
    fields: tuple[ResolvedField, ...]
    scope: Scope
    custom: re.Pattern[str] | None
    record: str
    """Pointer of the schema of the resource's record."""

    def resolve(self, step: ast.Step, *, final: bool) -> ResolvedStep | None:
        """Look a step up; `final` if its answer may be the operation's."""
        facts = self.unit.operations.get(step.call.value)
        if facts is None:
            self.reporter.add(map101_unknown_operation.report(step.call, self.unit.operations))
            return None
        vendor = self.unit.declaration
        envelope = None if step.envelope is not None else (vendor.envelope.value if vendor.envelope is not None else None)
        in_header = self._in_header(facts)
        body = request_body(self.unit.schemas, facts, envelope, vendor.encode)
        if in_header is not None:
            body = header_body(self.unit.schemas, in_header)
        elif step.media is not None and (step.media.how is None or step.media.how.value == "body"):
            body = None
        names = Namespace(self.unit.schemas, self.reporter, facts, body, self.custom)
        before, self.scope.used = self.scope.used, set()
        condition = self.scope.condition(step.when) if step.when is not None else None
        asked, self.scope.used = self.scope.used, _told_by(condition)
        sends = self._sends(step)
        assignments = [
            *self._bindings(step, names),
            *self._literals(step, names),
            *self._sent(step, names, sends),
            *self._queries(step, names),
            *self._texts(step, names),
            *self._select(step, names),
        ]
        assignments += self._everywhere(names, assignments)
        answer = self._answer(step, facts, envelope, final=final)
        paging = self._paging(step, names, facts, envelope) if self.operation.like in ("list", "changes") and final else None
        if paging is not None:
            assignments += self._paged(paging)
        cursor = self._cursor(step.cursor, answer, names) if step.cursor is not None and answer is not None else None
        if cursor is not None and cursor.send is not None:
            assignments.append(Assignment(target=cursor.send, origin="sync", span=cursor.ast.span))
        if body is not None and any(a.target.place == "body" for a in assignments) and not _WRITTEN.match(body.media_type):
            self.reporter.add(map216_not_compiled.fields(step.call.span, step.call.value, tuple(facts.bodies)))
        kept = self._kept(step, facts, envelope)
        if kept is not None:
            self.scope.kept[kept.name] = kept
            if condition is not None:
                self.scope.sometimes.add(kept.name)
        media = self._media(step, facts) if step.media is not None else None
        verify = tuple(self._verify(step))
        locally, requires = tuple(self._locally(step)), tuple(self._requires(step))
        takes = frozenset(self.scope.used)
        self.scope.used |= before | asked
        return ResolvedStep(
            ast=step,
            facts=facts,
            assignments=tuple(assignments),
            condition=condition,
            answer=answer,
            kept=(kept,) if kept is not None else (),
            paging=paging,
            body=body.shape if body is not None else None,
            body_envelope=body.envelope if body is not None else (),
            media_type=body.media_type if body is not None else self._media_type(step, facts),
            media=media,
            verify=verify,
            host=self._host(step, facts),
            in_header=in_header.name if in_header is not None else None,
            locally=locally,
            requires=requires,
            cursor=cursor,
            sends=sends,
            takes=takes,
        )

    # ------------------------------------------------------------------------------------- inputs
    def _bindings(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        for binding in step.bindings:
            if binding.input is not None:
                reference = self.scope.resolve(binding.reference)
                target = names.find(binding.input)
                if reference is not None and target is not None:
                    yield Assignment(target=target, origin="with", span=binding.input.span, reference=reference)
                continue
            reference = self.scope.resolve(binding.reference)
            if reference is None:
                continue
            parts = reference.carrier.parts if reference.carrier is not None else ()
            for name in [part.name for part in parts] or [reference.name]:
                target = names.find(replace(binding.reference, value=name))
                part = replace(reference, kind="part", part=name, type=ast.Type("id")) if parts else reference
                if target is not None:
                    yield Assignment(target=target, origin="with", span=binding.reference.span, reference=part)

    def _literals(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        for origin, pairs in (("set", step.set), ("default", step.default)):
            for text, literal in pairs:
                target = names.find(text)
                if target is not None:
                    yield Assignment(target=target, origin=origin, span=literal.span, literal=literal.value)

    def _everywhere(self, names: Namespace, filled: list[Assignment]) -> Iterator[Assignment]:
        """The vendor's own literals, where this call has the input and nothing else fills it."""
        for text, literal in self.unit.declaration.set:
            target = names.find(text, quiet=True)
            if target is not None:
                self.reporter.set.add(text)
                if all((other.target.place, other.target.path.segments) != (target.place, target.path.segments) for other in filled):
                    yield Assignment(target=target, origin="set", span=literal.span, literal=literal.value)

    def _sends(self, step: ast.Step) -> tuple[ResolvedField, ...]:
        if step.send is None:
            return ()
        if not step.send:
            return tuple(field for field in self.fields if field.name in self.scope.writable)
        found = []
        for name in step.send:
            field = next((field for field in self.fields if field.name == name.value and name.value in self.scope.writable), None)
            if field is None:
                self.reporter.add(map004_unknown_reference.report(name, name.value, tuple(sorted(self.scope.writable))))
            else:
                found.append(field)
        return tuple(found)

    def _sent(self, step: ast.Step, names: Namespace, sends: tuple[ResolvedField, ...]) -> Iterator[Assignment]:
        for field in sends:
            sent = list(self._sent_field(field, names))
            if any(assignment.origin == "send" for assignment in sent):
                self.scope.used.add(field.name)
                self.scope.used |= {name.value for name in field.ast.known_write if self.scope.resolve(name) is not None}
            yield from sent

    def _sent_field(self, field: ResolvedField, names: Namespace) -> Iterator[Assignment]:
        operation = self.operation.name.value
        initial = {text.value for text, _ in self.resource.initial} if self.operation.like == "create" else set()
        path = field.ast.write.get(operation) or field.ast.write.get(ast.ANY)
        for text, column in self._places(field, path):
            target = names.find(text, quiet=column is not None and column in initial)
            if target is not None:
                elements = tuple(self._elements(field, target, names)) if field.ast.each is not None else ()
                yield Assignment(target=target, origin="send", span=text.span, field=field, column=column, elements=elements)
        also = field.ast.also.get(operation) or field.ast.also.get(ast.ANY) or ()
        for text in also if path is not None else ():
            target = names.find(text)
            if target is not None:
                yield Assignment(target=target, origin="also", span=text.span, field=field)
        for text, literal in field.ast.clears if path is not None and self.operation.like == "update" else ():
            target = names.find(text)
            if target is not None:
                yield Assignment(target=target, origin="clear", span=literal.span, field=field, literal=literal.value)
        if field.ast.fields and not field.ast.each:
            for nested in field.nested:
                for inner in self._sent_field(nested, names):
                    yield replace(inner, owners=(field, *inner.owners))

    def _elements(self, field: ResolvedField, target: Target, names: Namespace) -> Iterator[Assignment]:
        """What fills one object of a list; the places are those of the list's elements."""
        listed = target.walk.shape
        if listed is None or listed.items is None or names.body is None:
            return
        element = Body(names.body.media_type, self.unit.schemas.shape(listed.items), (), listed.items)
        inside = replace(names, body=element, facts=replace(names.facts, parameters=()))
        for nested in field.nested:
            yield from self._sent_field(nested, inside)

    @staticmethod
    def _places(field: ResolvedField, path: Text | None) -> Iterator[tuple[Text, str | None]]:
        own = field.ast
        if own.table is not None and own.table.columns and own.read is None:
            for column in own.table.columns:
                yield column, column.value
        elif own.case:
            for kind, text in own.case:
                yield text, kind.value
        elif own.slots:
            for index, slot in enumerate(field.slots):
                for name, leaf in slot.paths.items():
                    yield leaf.text, f"{index}.{name}"
        elif own.each is not None:
            yield own.each, None
        elif path is not None:
            yield path, None

    def _media_type(self, step: ast.Step, facts: OperationFacts) -> str | None:
        """The type of a body that is a file's content."""
        if step.media is None:
            return None
        whole = tuple(name for name in facts.bodies if not _STRUCTURED.match(name))
        if not whole and not facts.bodies and self._in_header(facts) is not None:
            return "application/octet-stream"
        if not whole:
            self.reporter.add(map216_not_compiled.parts(step.media.span, tuple(facts.bodies)))
            return None
        return next((name for name in whole if name == "application/octet-stream"), whole[0]).replace("*/*", "application/octet-stream")

    def _in_header(self, facts: OperationFacts) -> ParameterFacts | None:
        """The header that holds the arguments of this call, where the vendor has one and the call takes it."""
        name = self.unit.declaration.arguments
        if name is None:
            return None
        return next((p for p in facts.parameters if p.location == "header" and p.name == name.value), None)

    def _media(self, step: ast.Step, facts: OperationFacts) -> ResolvedMedia | None:
        media = step.media
        assert media is not None
        content = self.scope.resolve(media.input)
        if content is None or content.type is None or content.type.kind != "bytes":
            self.reporter.add(map217_upload.no_content(media.input))
            return None
        how = media.how.value if media.how is not None else "body"
        if how == "related" and not any(name.startswith("multipart/related") for name in facts.bodies):
            self.reporter.add(map217_upload.not_related(media.how or media.input, step.call.value, tuple(facts.bodies)))
        calls = []
        for role, call in media.calls:
            found = self.unit.operations.get(call.value)
            if found is None:
                self.reporter.add(map101_unknown_operation.report(call, self.unit.operations))
            else:
                calls.append((role.value, found, self._host(step, found)))
        if how in SESSIONS and SESSIONS[how].begins:
            success = self._success(facts)
            shape = self.unit.schemas.shape(success[1]) if success is not None else None
            for name in SESSIONS[how].answers:
                if shape is None or name not in shape.properties:
                    self.reporter.add(map217_upload.no_session(media.how or media.input, step.call.value, how, name))
        return ResolvedMedia(
            ast=media,
            input=content,
            how={"body": "whole"}.get(how, how),
            kind=self.scope.resolve(media.kind) if media.kind is not None else None,
            calls=tuple(calls),
        )

    def _verify(self, step: ast.Step) -> Iterator[tuple[str, Reference]]:
        for name, text in step.verify:
            reference = self.scope.resolve(text)
            if reference is not None:
                yield name.value, reference

    def _host(self, step: ast.Step, facts: OperationFacts) -> str | None:
        """The vendor's other server that the document puts an operation on."""
        vendor = self.unit.declaration
        root = [server.get("url") for server in self.unit.document.root.get("servers") or () if isinstance(server, dict)]
        own = {url.rstrip("/") for url in facts.servers[:1]}
        if not own or own <= {str(url).rstrip("/") for url in root} | {text.value.rstrip("/") for _, text in vendor.servers}:
            return None
        for name, text in vendor.hosts:
            if text.value.rstrip("/") in own:
                return name.value
        if vendor.hosts:
            self.reporter.add(map218_undeclared_host.report(step.call, facts.servers[0], tuple(text.value for _, text in vendor.hosts)))
        return None

    def _texts(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        for text, templates in step.text:
            target = names.find(text)
            if target is not None:
                texts = tuple(self.scope.template(template) for template in templates)
                yield Assignment(target=target, origin="text", span=text.span, texts=texts)

    def _queries(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        for query in step.queries:
            target = names.find(query.input)
            language = query.language.value
            if language not in (*LANGUAGES, "json"):
                self.reporter.add(map004_unknown_reference.report(query.language, language, (*LANGUAGES, "json")))
            clauses, objects = [], []
            for clause in query.all:
                if isinstance(clause.value.value, str):
                    text = Text(clause.value.value, clause.span)
                    clauses.append(ResolvedClause(self.scope.template(text), clause.span))
                else:
                    references: list[Reference] = []
                    objects.append((self._object(clause.value.value, clause, references), tuple(references)))
            resolved = ResolvedQuery(
                ast=query,
                language=language,
                clauses=tuple(clauses),
                json=tuple(objects),
                text=self._frame(query.text),
                then=self._frame(query.then),
            )
            if target is not None:
                yield Assignment(target=target, origin="query", span=query.input.span, query=resolved)

    def _frame(self, text: Text | None) -> tuple[str | Reference, ...]:
        """The fixed text of a query. `{columns}` is what the vendor's `select` derives."""
        if text is None:
            return ()
        select = self.unit.declaration.select
        if select is None or select.style != "columns":
            return self.scope.template(text)
        pieces: list[str | Reference] = []
        for number, part in enumerate(text.value.split("{columns}")):
            if number:
                pieces.append(Reference(text=text, kind="columns", name="columns", absent=False))
            pieces += self.scope.template(Text(part, text.span)) if part else ()
        return tuple(pieces)

    def _object(self, value: Any, clause: ast.Clause, references: list[Reference]) -> Any:
        """A clause that is an object: its strings of the form `{reference}` are references."""
        if isinstance(value, dict):
            return {name: self._object(inner, clause, references) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._object(inner, clause, references) for inner in value]
        if isinstance(value, str) and re.fullmatch(r"\{[^{}]+\}", value):
            reference = self.scope.resolve(Text(value[1:-1], clause.span))
            if reference is not None:
                references.append(reference)
                return reference
        return value

    def _select(self, step: ast.Step, names: Namespace) -> Iterator[Assignment]:
        select = self.unit.declaration.select
        if select is None or any(text.value == select.input.value for text, _ in (*step.set, *step.default)):
            return
        if any(parameter.name == select.input.value and parameter.location == "query" for parameter in names.facts.parameters):
            place = "query"
        elif select.style == "names" and self._lists(names.body, select.input.value):
            place = "body"  # a search takes there what a list takes in its address
        else:
            return
        target = names.find(Text(f"{place}.{select.input.value}", select.input.span))
        if target is not None:
            yield Assignment(target=target, origin="select", span=select.span)

    def _lists(self, body: Body | None, name: str) -> bool:
        """Whether a body holds a list of that name."""
        return body is not None and name in body.shape.properties and self.unit.schemas.shape(body.shape.properties[name]).items is not None

    # ------------------------------------------------------------------------------------- answer
    def _answer(self, step: ast.Step, facts: OperationFacts, envelope: str | None, *, final: bool) -> Answer | None:
        found = self._answered(step, facts)
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
        inner = self._enter(shape, wrapped)
        if final:
            self.reporter.uses.update(shape.origins)
        if not final:
            return Answer(pointer=pointer, shape=inner, envelope=wrapped)
        lists = self.operation.like in ("list", "changes")
        text = step.items if lists else step.record
        path = self._path(text) if text is not None else WHOLE
        if path is None:
            return None
        path, inside = _taken_apart(path) if lists else (path, ())
        reached = walk(self.unit.schemas, inner, path, custom=self.custom)
        self.reporter.used(reached)
        place = text or step.call
        if reached.dead is not None:
            self.reporter.add(map201_unknown_path.report(self.reporter, place, path, reached, f"the answer of {step.call}"))
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
            below = walk(self.unit.schemas, record, within, custom=self.custom)
            self.reporter.used(below)
            if below.dead is not None:
                self.reporter.add(map201_unknown_path.report(self.reporter, place, within, below, "an element of the list"))
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

    def _answered(self, step: ast.Step, facts: OperationFacts) -> tuple[str, str] | None:
        """The media type and schema of a step's answer: of an upload in a session, that of what ends the session."""
        session = SESSIONS.get(step.media.how.value) if step.media is not None and step.media.how is not None else None
        return ("application/json", self.record) if session is not None and session.begins else self._success(facts)

    def _enter(self, shape: Shape, envelope: tuple[str, ...]) -> Shape:
        for name in envelope:
            shape = self.unit.schemas.shape(shape.properties[name])
        return shape

    @staticmethod
    def _success(facts: OperationFacts) -> tuple[str, str] | None:
        """The media type and schema of the first success answer that has a body."""
        for status in sorted(facts.responses):
            if status.startswith("2") and facts.responses[status]:
                media_types = facts.responses[status]
                media_type = json_media(media_types) or next(iter(media_types))
                return media_type, media_types[media_type]
        return None

    def _path(self, text: Text) -> Path | None:
        try:
            return parse_path(text.value)
        except PathFault as fault:
            self.reporter.add(map003_path.report(text, fault))
            return None

    def _kept(self, step: ast.Step, facts: OperationFacts, envelope: str | None) -> Kept | None:
        if step.keep is None:
            return None
        found = self._answered(step, facts)
        if found is None:
            self.reporter.add(map212_answer.no_body(step.keep.name, step.call.value))
            return None
        shape = self.unit.schemas.shape(found[1])
        wrapped = (envelope,) if envelope is not None and envelope in shape.properties else ()
        inner = self._enter(shape, wrapped)
        text = step.keep.path or Text("@", step.keep.name.span)
        path = self._path(text)
        if path is None:
            return None
        reached = walk(self.unit.schemas, inner, path, custom=self.custom)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map201_unknown_path.report(self.reporter, text, path, reached, f"the answer of {step.call}"))
            return None
        full = Path(path.text, (*(Name(name) for name in wrapped), *path.segments))
        leaf = Leaf(text, full, reached)
        return Kept(
            name=step.keep.name.value,
            leaf=leaf,
            searched=self._searched(step, leaf),
            listed=leaf.shape is None or leaf.shape.items is not None,
            missing=self._missing(step),
        )

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
            path = self._path(text)
            if reference is None or path is None:
                continue
            reached = walk(self.unit.schemas, element, path, custom=self.custom)
            self.reporter.used(reached)
            if reached.dead is not None:
                self.reporter.add(map201_unknown_path.report(self.reporter, text, path, reached, "an element of the list"))
                continue
            if not path.segments and reference.carrier is not None and reference.carrier.table is not None:
                for column in reference.carrier.table.columns:
                    self._column(element, column)
            found.append((Leaf(text, path, reached), reference))
        return tuple(found)

    def _column(self, element: Shape, column: Text) -> None:
        """`"@": status` reads an element by the columns of the field's table: each must be there."""
        path = self._path(column)
        if path is not None:
            reached = walk(self.unit.schemas, element, path, custom=self.custom)
            self.reporter.used(reached)
            if reached.dead is not None:
                self.reporter.add(map201_unknown_path.report(self.reporter, column, path, reached, "an element of the list"))

    def _missing(self, step: ast.Step) -> tuple[str | Reference, ...] | None:
        return self.scope.template(step.missing) if step.missing is not None else None

    # ------------------------------------------------------------------------------------- paging
    def _paging(self, step: ast.Step, names: Namespace, facts: OperationFacts, envelope: str | None) -> ResolvedPaging | None:
        strategies = {paging.name.value: paging for paging in self.unit.declaration.paging}
        wanted = step.paging
        if wanted is not None and wanted.value == "none":
            return None
        paging = strategies.get(wanted.value if wanted is not None else "default")
        if paging is None:
            if wanted is not None:
                self.reporter.add(map004_unknown_reference.report(wanted, wanted.value, tuple(strategies)))
            return None
        place = wanted or step.call
        further = self._further(paging, facts)
        senders = names if further is None else replace(names, facts=further, body=self._body(further, envelope))
        send = self._page_input(paging.send, senders, place) if paging.style not in ("link", "url") else None
        if further is not None and send is not None:
            self._needs_no_more(paging, further, send, senders.body)
        size = self._page_input(paging.size, names, place)
        found = self._success(facts)
        root = self.unit.schemas.shape(found[1]) if found is not None else None
        start = None
        if paging.style == "last" and root is not None:
            start = self._item(step, self._enter(root, (envelope,) if envelope is not None and envelope in root.properties else ()))
        return ResolvedPaging(
            ast=paging,
            send=send,
            size=size,
            next=self._page_place(paging.next, start or root, place) if paging.style != "link" else None,
            beside=tuple(self._beside(paging, names, start, place)),
            total=self._page_place(paging.total, root, place),
            until=self._page_place(paging.until, root, place),
            more=self._page_place(paging.more, root, place),
            call=further,
            host=self._host(step, further) if further is not None else None,
        )

    def _further(self, paging: ast.Paging, facts: OperationFacts) -> OperationFacts | None:
        """The operation that gives further pages: its answer is that of the list itself."""
        if paging.call is None:
            return None
        found = self.unit.operations.get(paging.call.value)
        if found is None:
            self.reporter.add(map101_unknown_operation.report(paging.call, self.unit.operations))
            return None
        own, other = self._success(facts), self._success(found)
        schemas = self.unit.schemas
        if own is None or other is None or schemas.target(own[1]) != schemas.target(other[1]):
            self.reporter.add(map107_paging.another_answer(paging.call, facts, found))
        return found

    def _needs_no_more(self, paging: ast.Paging, further: OperationFacts, send: Target, body: Body | None) -> None:
        assert paging.call is not None and paging.send is not None
        if send.walk.shape is None or send.walk.shape.free:
            self.reporter.add(map107_paging.no_input(paging.call, paging.send, further, ()))
        needed = [parameter.name for parameter in further.parameters if parameter.required and parameter.name != send.name]
        needed += sorted((body.shape.required if body is not None else frozenset()) - {*send.path.names})
        for name in needed:
            self.reporter.add(map107_paging.needs_more(paging.call, further, name))

    def _body(self, facts: OperationFacts, envelope: str | None) -> Body | None:
        return request_body(self.unit.schemas, facts, envelope, self.unit.declaration.encode)

    def _beside(self, paging: ast.Paging, names: Namespace, record: Shape | None, place: Text) -> Iterator[tuple[Target, Leaf]]:
        for name, path in paging.beside:
            target, leaf = self._page_input(name, names, place), self._page_place(path, record, place)
            if target is not None and leaf is not None:
                yield target, leaf

    def _item(self, step: ast.Step, root: Shape) -> Shape | None:
        path = self._path(step.items) if step.items is not None else WHOLE
        reached = walk(self.unit.schemas, root, path) if path is not None else None
        shape = reached.shape if reached is not None else None
        return self.unit.schemas.shape(shape.items) if shape is not None and shape.items is not None else None

    def _page_input(self, text: Text | None, names: Namespace, place: Text) -> Target | None:
        if text is None:
            return None
        target = names.find(text, quiet=True)
        if target is None:
            self.reporter.add(map107_paging.no_input(place, text, names.facts, names.names()))
        return target

    def _page_place(self, text: Text | None, root: Shape | None, place: Text) -> Leaf | None:
        if text is None or root is None:
            return None
        path = self._path(text)
        if path is None:
            return None
        reached = walk(self.unit.schemas, root, path)
        self.reporter.used(reached)
        if reached.dead is not None:
            self.reporter.add(map107_paging.no_place(self.reporter, place, text, path, reached))
            return None
        return Leaf(text, path, reached)

    @staticmethod
    def _paged(paging: ResolvedPaging) -> Iterator[Assignment]:
        further = (("cursor", target) for target, _ in paging.beside)
        send = paging.send if paging.call is None else None
        for origin, target in (("cursor", send), *further, ("size", paging.size)):
            if target is not None:
                yield Assignment(target=target, origin=origin, span=paging.ast.span)

    def _cursor(self, cursor: ast.Cursor, answer: Answer, names: Namespace) -> ResolvedCursor | None:
        """Sync tokens. Without an input of their own they are addresses, which only a vendor with such pages has."""
        send = names.find(cursor.send) if cursor.send is not None else None
        place = self._page_place(cursor.next, self.unit.schemas.shape(answer.pointer), cursor.next)
        if place is None or answer.record_shape is None or (cursor.send is not None and send is None):
            return None
        predicate, leaves = predicates.resolved(self.unit, cursor.removed, answer.record_shape, self.resource.reads.value, self.reporter)
        return ResolvedCursor(cursor, send, place, predicate, leaves)

    # ------------------------------------------------------------------------------------- the rest
    def _locally(self, step: ast.Step) -> Iterator[ast.Input]:
        for name in step.locally:
            given = self.scope.inputs.get(name.value)
            if given is None:
                self.reporter.add(map004_unknown_reference.report(name, name.value, tuple(self.scope.inputs)))
            else:
                self.scope.used.add(name.value)
                yield given

    def _requires(self, step: ast.Step) -> Iterator[Reference]:
        for name in step.requires:
            before = set(self.scope.used)
            reference = self.scope.resolve(name)
            self.scope.used = before  # to require is not to use
            if reference is not None:
                yield reference
