"""Code that puts one request together: path values, query, headers, body."""

from __future__ import annotations

import re

from msgspec import Struct, field

from unified_gen.lower.answers import AnswerPlan
from unified_gen.lower.bodies import BodyWriter, Entry, nest
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.fields import FieldWriter, between, joined, joined_code
from unified_gen.lower.pages import page_size
from unified_gen.lower.python import Block, lit, tuple_of, unique
from unified_gen.lower.queries import query_code
from unified_gen.lower.selects import select_value
from unified_gen.lower.values import Values
from unified_gen.resolve.places import takes_extra
from unified_gen.resolve.resolved import Assignment, ResolvedOperation, ResolvedStep
from unified_gen.schema.paths import Name


class RequestWriter(Struct):
    """Writes the statements and the arguments of one `call`."""

    module: ModuleContext
    operation: ResolvedOperation
    step: ResolvedStep
    values: Values
    block: Block
    taken: set[str]
    answer: AnswerPlan
    _variables: dict[str, str] = field(default_factory=dict)

    def write(self) -> list[str]:
        """Emit what must stand before the call; returns its arguments."""
        arguments = []
        if self._syncs:
            self.block.add(f"sync, page = {self.module.use('syncing')}.given(ctx.cursor)")
        path = self._path()
        if path:
            arguments.append(f"path={tuple_of(path)}")
        query = self._dictionary("query")
        body = self._dictionary("body")
        headers = self._dictionary("header")  # `extra` has no headers, so a default is what is sent
        extra = self._extra_place()
        if extra == "query":
            query = query or self._empty("query")
            self.block.add(f"{query} = {self.values.inputs()}.merge({query}, ctx.extra, {lit(self.module.title)})")
        if extra == "body":
            body = body or self._empty("body")
            self.block.add(f"{body} = {self.values.inputs()}.merge({body}, ctx.extra, {lit(self.module.title)})")
        body = self._defaults("body", body)
        if body is None and self._needs_body():
            body = "{}"
        query = self._defaults("query", query)
        follows = self.step.paging is not None and self.step.paging.ast.style in ("link", "url")
        if query is not None:
            size = self.step.paging.size if self.step.paging is not None and follows else None
            if size is not None:  # pages are counted by the size that the first was asked with
                query = f"{self.module.use('paging')}.onward({query}, ctx.cursor, {lit(size.name)})"
            arguments.append(f"query={query}")
        if follows:
            arguments.append("url=ctx.cursor")
        more = self._own_headers()
        if more and headers is not None:
            headers = f"{{**{headers}, {more[1:]}"
        if (headers or more) and self.step.in_header is None:
            arguments.append(f"headers={headers or more}")
        arguments += self._content()
        if self.step.in_header is not None and body is not None:
            arguments += self._in_header(body, headers, more)
        elif body is not None:
            whole = nest(tuple(Name(name) for name in self.step.body_envelope), body)
            if self._encoding() == "form" and self.module.resource.unit.declaration.encode == "form-json":
                whole = f"{self.values.inputs()}.json_fields({whole}, {lit(self.module.title)})"
            arguments.append(f"{self._encoding()}={whole}")
        return arguments

    def _needs_body(self) -> bool:
        """Whether the vendor wants an object though nothing goes into it."""
        step = self.step
        return step.facts.body_required and step.media is None and step.body is not None and self._encoding() == "json"

    @property
    def _syncs(self) -> bool:
        """Whether a cursor holds a sync token beside that of a page."""
        return self.step.cursor is not None and self.step.cursor.send is not None

    def _own_headers(self) -> str:
        """What the kinds of body and answer ask for, where they are not JSON."""
        own = {"Accept": "*/*"} if self.answer.reads == "bytes" else {}
        return lit(own) if own else ""

    def _content(self) -> list[str]:
        """How a content is sent."""
        media = self.step.media
        if media is None:
            return []
        octets = "application/octet-stream"
        if media.how == "whole" and self.step.in_header is None:
            octets = self.step.media_type or octets
        kind = lit(octets)
        if media.kind is not None:
            given = self.values.raw(media.kind)
            kind = f"{given} or {kind}" if self.values.guard(media.kind) is not None else given
        arguments = [f"content={self.values.raw(media.input)}", f"kind={kind}"]
        if media.ast.upto is not None and media.how in ("whole", "related"):
            arguments.append(f"most={media.ast.upto}")
        if media.ast.piece is not None:
            arguments.append(f"piece={media.ast.piece}")
        return arguments

    def _in_header(self, body: str, headers: str | None, more: str) -> list[str]:
        """The arguments of a call that stand in a header: the protocols of sessions put them together themselves."""
        name = lit(self.step.in_header)
        if self.step.media is not None and self.step.media.how not in ("whole", "related"):
            return [f"header={name}", f"body={body}"]
        self.module.use("media")
        rest = f", **{headers}" if headers is not None else f", {more[1:-1]}" if more else ""
        return [f"headers={{{name}: media.argument({body}){rest}}}"]

    def _variable(self, place: str) -> str:
        """A dictionary's name, its own in the whole function."""
        if place not in self._variables:
            self._variables[place] = unique({"header": "headers"}.get(place, place), self.taken)
            self.taken.add(self._variables[place])
        return self._variables[place]

    def _empty(self, place: str) -> str:
        variable = self._variable(place)
        self.block.add(f"{variable}: dict[str, Any] = {{}}")
        self.module.typing("Any")
        return variable

    def _encoding(self) -> str:
        media_type = self.step.media_type or ""
        return "form" if "form" in media_type else "json"

    def _extra_place(self) -> str | None:
        """Where the vendor's own fields, passed through by the caller, go."""
        step = self.step if self.operation.ast.either else takes_extra(self.operation)
        if self.step.ast.send is None or step is not self.step:
            return None
        return "body" if self.step.body is not None else "query"

    # ------------------------------------------------------------------------------------- places
    def _in(self, place: str) -> list[Assignment]:
        return [assignment for assignment in self.step.assignments if assignment.target.place == place]

    def _path(self) -> list[str]:
        found = []
        defaults = {a.target.name: self._literal(a) for a in self._in("path") if a.origin == "default"}
        given = {a.target.name: a for a in self._in("path") if a.origin != "default"}
        for name in _template_names(self.step.facts.path):
            assignment, default = given.get(name), defaults.get(name)
            guard = self.values.guard(assignment.reference) if assignment is not None and assignment.reference is not None else None
            if assignment is not None and assignment.query is not None:  # a place in a path is always filled
                found.append(query_code(self.module, self.values, assignment.query, self.block, self.taken, "")[0])
            elif assignment is None and default is not None:
                found.append(default)
            elif assignment is not None and default is not None and guard is not None:
                found.append(f"{self._value(assignment)} if {guard} else {default}")
            elif assignment is not None:
                found.append(self._value(assignment))
        return found

    def _dictionary(self, place: str) -> str | None:
        """A dictionary for one place of the request; small ones stand inline in the call."""
        assignments = [a for a in self._in(place) if (a.origin != "default" or place == "header") and not self._selects_nothing(a)]
        if not assignments:
            return None
        variable = self._variable(place)
        sent = [a for a in assignments if a.field is not None]
        writer = FieldWriter(self.module, self.operation, self.step, self.values, self.block, self.taken)
        fields, statements = writer.entries(sent, variable)
        entries: list[Entry] = []
        for assignment in assignments:
            if assignment.origin == "cursor":
                statements += self._cursor(assignment, variable)
            elif assignment.origin == "sync":
                statements += ["if sync is not None:", f"    {variable}[{lit(assignment.target.name)}] = sync"]
            elif assignment.field is None:
                entries.append(self._entry(assignment))
            else:  # the fields stand together, where the first of them does
                entries += fields
                fields = []
        grows = statements or self._extra_place() == place or any(a.origin == "default" for a in self._in(place))
        if place != "body" and not grows and len(entries) <= 3 and all(entry.always for entry in entries):
            return "{" + ", ".join(f"{lit(_wire(entry))}: {entry.code}" for entry in entries) + "}"
        self.module.typing("Any")
        BodyWriter(self.block, variable, self.taken, entries).write()
        self.block.add(*statements)
        return variable

    def _selects_nothing(self, assignment: Assignment) -> bool:
        """An answer that is not read needs no field selected."""
        return assignment.origin == "select" and not select_value(self.module, self.operation, self.step)

    def _entry(self, assignment: Assignment) -> Entry:
        target = assignment.target
        segments = target.path.segments
        if assignment.origin in ("set", "default"):
            return Entry(segments, self._literal(assignment))
        if assignment.origin == "select":
            value = select_value(self.module, self.operation, self.step)
            shape = target.walk.shape
            listed = target.place == "body" and shape is not None and shape.items is not None
            selected = self.module.constant("SELECT", lit(tuple(value.split(",")) if listed else value))
            if self._asks_more():
                selected = f"[*{selected}, *ctx.custom_fields]" if listed else f"{selected} + {self._custom_columns()}"
            return Entry(segments, selected)
        if assignment.origin == "text":
            return self._text(assignment)
        if assignment.origin == "size":
            assert self.step.paging is not None
            return Entry(segments, page_size(self.values.inputs(), self.step.paging))
        if assignment.origin == "query":
            assert assignment.query is not None
            value, guard = query_code(self.module, self.values, assignment.query, self.block, self.taken, *self._columns())
            return Entry(segments, value, guard)
        assert assignment.reference is not None
        guard = self.values.guard(assignment.reference, filled=target.place == "body")
        with self.values.assuming([assignment.reference]):
            value = self._value(assignment)
        return Entry(segments, value, guard)

    def _text(self, assignment: Assignment) -> Entry:
        """The first template whose references are all there."""
        code, guards = "", []
        for pieces in reversed(assignment.texts):
            references = [piece for piece in pieces if not isinstance(piece, str)]
            found = [guard for reference in references if (guard := self.values.guard(reference, filled=True)) is not None]
            with self.values.assuming(references):
                text = self.values.place(pieces)
            guard = " and ".join(dict.fromkeys(found))
            guards.append(guard)
            code = text if not code or not guard else f"{text} if {guard} else {code}"
        always = any(not guard for guard in guards)
        return Entry(assignment.target.path.segments, code, None if always else _either(guards))

    def _joined(self, code: str, assignment: Assignment, name: str) -> str:
        return joined_code(self.module, self.values, assignment, code, name)

    def _columns(self) -> tuple[str, str | None]:
        """What a query that names its columns asks for; and the code of those that a caller may add."""
        select = self.module.resource.unit.declaration.select
        if select is None or select.style != "columns":
            return "", None
        return select_value(self.module, self.operation, self.step), self._custom_columns() if self._asks_more() else None

    def _asks_more(self) -> bool:
        """Whether the answer is one whose records can have fields that the caller asks for."""
        answer = self.step.answer
        return self.module.custom and answer is not None and (answer.record is not None or answer.items is not None)

    def _custom_columns(self) -> str:
        return f"{self.values.inputs()}.columns(ctx.custom_fields)"

    def _literal(self, assignment: Assignment) -> str:
        value = assignment.literal
        if assignment.target.place == "query" and isinstance(value, list):
            return lit(between(assignment).join(map(str, value))) if joined(self.module, assignment) else lit(value)
        return lit(value)

    def _value(self, assignment: Assignment) -> str:
        reference = assignment.reference
        if reference is None:
            return self._literal(assignment)
        raw = self.values.raw(reference)
        if reference.kind == "kept":
            return self._joined(raw, assignment, reference.name) if raw.startswith("[") and joined(self.module, assignment) else raw
        if reference.type is None or reference.kind in ("connection", "key", "mark"):
            return raw
        carrier = reference.carrier if reference.kind != "part" else None
        encoded = self.values.encoded(raw, reference.type, carrier, reference.name, assignment.target)
        if assignment.target.place == "query" and reference.type.many:
            return self._joined(encoded, assignment, reference.name) if joined(self.module, assignment) else encoded
        return encoded

    def _cursor(self, assignment: Assignment, variable: str) -> list[str]:
        name = lit(assignment.target.name)
        paging = self.step.paging
        if paging is not None and paging.ast.within is not None:
            self.block.add(f"{self.module.use('paging')}.check_within(ctx.cursor, {paging.ast.within}, {self.values.title()})")
        if paging is not None and paging.ast.style in ("offset", "page"):
            start = self.values.start = unique("start", self.taken)
            self.taken.add(start)
            self.block.add(f"{start} = {self.module.use('paging')}.number(ctx.cursor, {paging.ast.first})")
            return [f"{variable}[{name}] = {start}"]
        shape, cursor = assignment.target.walk.shape, "page" if self._syncs else "ctx.cursor"
        if paging is not None and paging.beside:
            number = next((index for index, (target, _) in enumerate(paging.beside, 1) if target is assignment.target), 0)
            cursor = f"{self.module.use('paging')}.part(ctx.cursor, {number}, {len(paging.beside) + 1})"
        if assignment.target.place == "body" and shape is not None and shape.kinds and shape.kinds <= {"integer", "number"}:
            cursor = f"{self.values.inputs()}.whole({cursor}, 'cursor', {self.values.title()})"
        given = "page is not None" if self._syncs else "ctx.cursor is not None"
        if len(assignment.target.path.segments) > 1:
            inner = nest(assignment.target.path.segments, cursor)
            return [f"if {given}:", f"    {variable} = {self.values.inputs()}.merge({variable}, {inner})"]
        return [f"if {given}:", f"    {variable}[{name}] = {cursor}"]

    def _defaults(self, place: str, variable: str | None) -> str | None:
        """`default` yields to what `extra` brought."""
        defaults = [a for a in self._in(place) if a.origin == "default"]
        if not defaults:
            return variable
        variable = variable or self._empty(place)
        for assignment in defaults:
            value = nest(assignment.target.path.segments, self._literal(assignment))
            self.block.add(f"{variable} = {self.values.inputs()}.default({variable}, {value})")
        return variable


def _template_names(path: str) -> list[str]:
    return re.findall(r"\{([^{}]+)\}", path)


def _wire(entry: Entry) -> str:
    segment = entry.segments[0]
    assert isinstance(segment, Name)
    return segment.name


def _either(guards: list[str]) -> str:
    """One of several conditions, each once."""
    found = [*dict.fromkeys(guards)]
    return " or ".join(f"({guard})" if " and " in guard and len(found) > 1 else guard for guard in found)
