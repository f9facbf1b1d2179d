"""Code that puts one request together: path values, query, headers, body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from unified_gen.language import ast
from unified_gen.lower.answers import AnswerPlan
from unified_gen.lower.bodies import BodyWriter, Entry, nest
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.gaps import can_clear
from unified_gen.lower.nested import arm_entry, nested_writer
from unified_gen.lower.python import Block, lit, snake, tuple_of, unique
from unified_gen.lower.queries import query_code
from unified_gen.lower.selects import select_value
from unified_gen.lower.values import Values
from unified_gen.resolve.places import element, owned_depth, takes_extra
from unified_gen.resolve.resolved import Assignment, ResolvedField, ResolvedOperation, ResolvedStep
from unified_gen.schema.paths import Name


@dataclass(slots=True)
class RequestWriter:
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
        path = self._path()
        if path:
            arguments.append(f"path={tuple_of(path)}")
        query = self._dictionary("query")
        body = self._dictionary("body")
        headers = self._dictionary("header")
        extra = self._extra_place()
        if extra == "query":
            query = query or self._empty("query")
            self.block.add(f"{query} = {self.values.inputs()}.merge({query}, ctx.extra, {lit(self.module.title)})")
        if extra == "body":
            body = body or self._empty("body")
            self.block.add(f"{body} = {self.values.inputs()}.merge({body}, ctx.extra, {lit(self.module.title)})")
        body = self._defaults("body", body)
        query = self._defaults("query", query)
        if query is not None:
            arguments.append(f"query={query}")
        if headers is not None:
            arguments.append(f"headers={headers}")
        if body is not None:
            arguments.append(f"{self._encoding()}={nest(tuple(Name(name) for name in self.step.body_envelope), body)}")
        return arguments

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
        given = {assignment.target.name: assignment for assignment in self._in("path")}
        for name in _template_names(self.step.facts.path):
            assignment = given.get(name)
            if assignment is None:
                continue
            found.append(self._value(assignment))
        return found

    def _dictionary(self, place: str) -> str | None:
        """A dictionary for one place of the request; small ones stand inline in the call."""
        assignments = [a for a in self._in(place) if a.origin != "default" and not self._selects_nothing(a)]
        if not assignments:
            return None
        variable = self._variable(place)
        entries: list[Entry] = []
        statements: list[str] = []
        rows: dict[int, list[Assignment]] = {}
        for assignment in assignments:
            if (
                assignment.field is not None
                and assignment.field.table is not None
                and assignment.field.table.columns
                and assignment.column is not None
            ):
                rows.setdefault(id(assignment.field), []).append(assignment)
            elif assignment.origin == "cursor":
                statements += self._cursor(assignment, variable)
            elif assignment.field is not None and assignment.column is not None:
                entries += self._arms(assignment)
            else:
                entries.append(self._entry(assignment))
        grows = statements or rows or self._extra_place() == place or any(a.origin == "default" for a in self._in(place))
        if place != "body" and not grows and len(entries) <= 3 and all(entry.always for entry in entries):
            return "{" + ", ".join(f"{lit(_wire(entry))}: {entry.code}" for entry in entries) + "}"
        self.module.typing("Any")
        for group in rows.values():
            flat = all(len(a.target.path.segments) == 1 for a in group)
            row = self._row(group, variable if flat else None)
            if flat:
                statements.insert(0, row)
            else:
                entries += [Entry(a.target.path.segments, f"{row}[{lit(a.target.name)}]", f"{lit(a.target.name)} in {row}") for a in group]
        writer = BodyWriter(self.block, variable, self.taken)
        for entry in entries:
            writer.add(entry)
        writer.write()
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
            return Entry(segments, self.module.constant("SELECT", lit(select_value(self.module, self.operation, self.step))))
        if assignment.origin == "size":
            assert self.step.paging is not None
            return Entry(segments, f"{self.values.inputs()}.page_size(ctx.limit, {self.step.paging.ast.most})")
        if assignment.origin == "query":
            assert assignment.query is not None
            value, guard = query_code(self.module, self.values, assignment.query, self.block, self.taken)
            return Entry(segments, value, guard)
        if assignment.reference is not None:
            return Entry(segments, self._value(assignment), self.values.guard(assignment.reference))
        assert assignment.field is not None
        return self._field(assignment)

    def _literal(self, assignment: Assignment) -> str:
        value = assignment.literal
        if assignment.target.place == "query" and isinstance(value, list):
            return lit(",".join(map(str, value))) if self._joined(assignment) else lit(value)
        return lit(value)

    def _value(self, assignment: Assignment) -> str:
        reference = assignment.reference
        if reference is None:
            return self._literal(assignment)
        raw = self.values.raw(reference)
        if reference.kind == "kept":
            return f"{self.values.inputs()}.joined({raw})" if raw.startswith("[") and self._joined(assignment) else raw
        if reference.type is None or reference.kind in ("connection", "key"):
            return raw
        carrier = reference.carrier if reference.kind != "part" else None
        encoded = self.values.encoded(raw, reference.type, carrier, reference.name, assignment.target)
        if assignment.target.place == "query" and reference.type.many:
            return self._list(encoded, assignment)
        return encoded

    def _field(self, assignment: Assignment) -> Entry:
        field = assignment.field
        assert field is not None
        if assignment.owner is not None:
            return self._inner(assignment, assignment.owner)
        operation = self.operation
        name = field.name
        value = f"{self.values.record}.{name}"
        updates = operation.like == "update"
        local = self.values.locals.get(name)
        always = local is not None or operation.name in field.model.required
        source = local or value
        if field.ast.each is not None and field.nested:
            encoded = f"[{nested_writer(self.module, field, operation, assignment.target)}(each) for each in {source}]"
        elif field.ast.one:
            single = f"{self.values.inputs()}.only({source}, {lit(name)}, {lit(self.module.title)})"
            encoded = self.values.encoded(single, ast.Type(field.model.type.kind), field, name, assignment.target)
        else:
            encoded = self.values.encoded(source, field.model.type, field, name, assignment.target)
        if field.model.type.many and not field.ast.one and assignment.target.place == "query":
            encoded = self._list(encoded, assignment)
        if field.ast.one:
            given = source
        else:
            given = f"{value} is not None"
        if not updates or field.model.required or not can_clear(self.module.resource, field):
            return Entry(assignment.target.path.segments, encoded, None if always and not updates else given)
        clear = field.ast.clear or self.module.resource.unit.declaration.clear
        cleared = lit(clear.value) if clear is not None else "[]" if self._clears_a_list(assignment) else "None"
        if assignment.target.place == "query" and cleared == "[]":
            cleared = "''"
        return Entry(
            assignment.target.path.segments,
            encoded,
            f"{lit(name)} in given",
            f"not {value}" if field.ast.one else f"{value} is None",
            cleared,
        )

    def _clears_a_list(self, assignment: Assignment) -> bool:
        """Whether what is cleared is a list: it becomes empty, where another place becomes null."""
        field, steps = assignment.field, assignment.target.walk.steps
        assert field is not None
        if field.model.type.many and not field.ast.one:
            return True
        return bool(steps) and steps[min(owned_depth(self.step, assignment), len(steps) - 1)].kinds == {"array"}

    def _inner(self, assignment: Assignment, owner: ResolvedField) -> Entry:
        """A field of a nested record, spread out over the request; clearing the record clears each."""
        field = assignment.field
        assert field is not None
        whole = f"{self.values.record}.{owner.name}"
        value = f"{whole}.{field.name}"
        encoded = self.values.encoded(value, field.model.type, field, field.name, assignment.target)
        if self.operation.like != "update":
            return Entry(assignment.target.path.segments, encoded, f"{whole} is not None and {value} is not None")
        return Entry(assignment.target.path.segments, encoded, f"{lit(owner.name)} in given", f"{whole} is None or {value} is None")

    def _arms(self, assignment: Assignment) -> list[Entry]:
        """One arm of a `case`, or one path of a slot."""
        return [arm_entry(self.module, self.operation, self.values, assignment)]

    def _row(self, group: list[Assignment], variable: str | None) -> str:
        """A table of several columns: the row's words by place. Returns the statement that puts them into a dictionary, or, without
        one, the local that holds them."""
        field = group[0].field
        assert field is not None and field.table is not None
        columns = tuple((a.column or "", a.target.name) for a in group)
        table = self.module.row_table(field, columns)
        value = f"{self.values.record}.{field.name}"
        values = {v.value for v in field.model.type.values} if field.model.type.kind == "enum" else {True, False}
        row = f"{table}[{value}]"
        if not {r.value.value for r in field.table.rows} >= values:
            row = f"{self.values.inputs()}.word({table}, {value}, {lit(field.name)}, {lit(self.module.title)}, {self.values.gaps(field)})"
        if variable is not None:
            return f"if {value} is not None:\n    {variable}.update({row})"
        local = unique(snake(field.name), self.taken)
        self.taken.add(local)
        self.block.add(f"{local} = {row} if {value} is not None else {{}}")
        return local

    def _cursor(self, assignment: Assignment, variable: str) -> list[str]:
        name = lit(assignment.target.name)
        paging = self.step.paging
        if paging is not None and paging.ast.style in ("offset", "page"):
            start = "start"
            self.block.add(f"{start} = {self.module.use('paging')}.number(ctx.cursor, {paging.ast.first})")
            return [f"{variable}[{name}] = {start}"]
        if len(assignment.target.path.segments) > 1:
            inner = nest(assignment.target.path.segments, "ctx.cursor")
            return ["if ctx.cursor is not None:", f"    {variable} = {self.values.inputs()}.merge({variable}, {inner})"]
        return ["if ctx.cursor is not None:", f"    {variable}[{name}] = ctx.cursor"]

    def _joined(self, assignment: Assignment) -> bool:
        """Whether the vendor takes a list in one parameter, with commas between (OpenAPI: `explode: false`, or a plain string)."""
        parameter = assignment.target.parameter
        _, listed = element(self.module.schemas, assignment.target.walk)
        return parameter is None or not listed or not parameter.explode

    def _list(self, encoded: str, assignment: Assignment) -> str:
        return f"{self.values.inputs()}.joined({encoded})" if self._joined(assignment) else encoded

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
