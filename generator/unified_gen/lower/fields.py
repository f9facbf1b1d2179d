"""Code that writes the fields of one object into a request: plain ones, several-column tables, unions, slots, lists of objects."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.lower.bodies import SPREAD, BodyWriter, Entry
from unified_gen.lower.context import ModuleContext, nested_class
from unified_gen.lower.gaps import can_clear
from unified_gen.lower.python import Block, constant, lit, snake, unique
from unified_gen.lower.values import Values
from unified_gen.resolve.places import element, owned_depth
from unified_gen.resolve.resolved import Assignment, ResolvedField, ResolvedOperation, ResolvedStep
from unified_gen.schema.paths import Name

_ARM_TESTS = {
    "datetime": "isinstance({0}, datetime)",
    "date": "isinstance({0}, date) and not isinstance({0}, datetime)",
    "boolean": "isinstance({0}, bool)",
    "integer": "isinstance({0}, int) and not isinstance({0}, bool)",
    "decimal": "isinstance({0}, Decimal)",
}
"""How a value's arm of a union is told; any other arm is text."""
_ARM_IMPORTS = {"date": ("date", "datetime"), "datetime": ("datetime",), "decimal": ("Decimal",)}


class FieldWriter(Struct):
    """Writes fields of the object that `values.record` holds. `whole` is an element of a list: it is set anew, nothing of it cleared."""

    module: ModuleContext
    operation: ResolvedOperation
    step: ResolvedStep
    values: Values
    block: Block
    taken: set[str]
    whole: bool = False

    @property
    def updates(self) -> bool:
        """Whether a field not given stays as it is, and None clears it."""
        return self.operation.like == "update" and not self.whole

    def entries(self, assignments: Iterable[Assignment], variable: str) -> tuple[list[Entry], list[str]]:
        """What goes into a dictionary, and the statements that add to it what stands beside one another there."""
        entries: list[Entry] = []
        statements: list[str] = []
        rows: dict[int, list[Assignment]] = {}
        for assignment in assignments:
            field = assignment.field
            assert field is not None
            if assignment.origin == "clear":
                entries.append(Entry(assignment.target.path.segments, lit(assignment.literal), self._emptied(assignment)))
            elif field.table is not None and field.table.columns:
                rows.setdefault(id(field), []).append(assignment)
            elif field.case:
                entries.append(self._arm(assignment))
            elif field.slots:
                entries.append(self._slot(assignment))
            else:
                entries.append(self._plain(assignment))
        for group in rows.values():
            flat = all(len(a.target.path.segments) == 1 for a in group)
            row = self._row(group, variable if flat else None)
            if flat:
                statements.append(row)
            else:
                entries += [Entry(a.target.path.segments, f"{row}[{lit(a.target.name)}]", f"{lit(a.target.name)} in {row}") for a in group]
        return entries, statements

    # ------------------------------------------------------------------------------------- names and guards
    def _path(self, assignment: Assignment) -> list[str]:
        """The expressions that lead to the field's value: each object around it, then the value."""
        assert assignment.field is not None
        found, here = [], self.values.record
        for field in (*assignment.owners, assignment.field):
            here = f"{here}.{field.name}"
            found.append(here)
        return found

    def _named(self, assignment: Assignment) -> str:
        """The field as callers know it, with what it is part of."""
        assert assignment.field is not None
        return ".".join((*self.values.prefix, *(owner.name for owner in assignment.owners), assignment.field.name))

    def _given(self, assignment: Assignment) -> str:
        """The condition under which the value is there. A list inside an object is never None: an empty one is nothing."""
        *around, value = self._path(assignment)
        assert assignment.field is not None
        if not around and not self.whole and assignment.field.name in self.values.present:
            return ""
        field = assignment.field
        listed = ((around or self.whole) and field.model.type.many) or (field.codec is not None and field.codec.whole)
        return " and ".join([*(f"{each} is not None" for each in around), value if listed else f"{value} is not None"])

    def _in_update(self, assignment: Assignment) -> str:
        outermost = (*assignment.owners, assignment.field)[0]
        assert outermost is not None
        return f"{lit(outermost.name)} in given"

    def _empty(self, assignment: Assignment) -> str:
        """The condition under which what is given clears the field."""
        field = assignment.field
        assert field is not None
        *around, value = self._path(assignment)
        listed = field.ast.one or (field.codec is not None and field.codec.whole)
        return " or ".join([*(f"{owner} is None" for owner in around), f"not {value}" if listed else f"{value} is None"])

    def _emptied(self, assignment: Assignment) -> str:
        """The condition under which a place that stands for an empty field is written."""
        empty = self._empty(assignment)
        return f"{self._in_update(assignment)} and {f'({empty})' if ' or ' in empty else empty}"

    def _cleared(self, assignment: Assignment) -> str:
        """What None becomes."""
        field = assignment.field
        assert field is not None
        clear = field.ast.clear or self.module.resource.unit.declaration.clear
        if clear is not None:
            return lit(clear.value)
        if not self._clears_a_list(assignment):
            return "None"
        return "''" if assignment.target.place == "query" else "[]"

    def _cleared_at(self, assignment: Assignment) -> int | None:
        """Where that stands: a value of its own in the value's place, an empty list where the list is; null is written further out."""
        field, steps = assignment.field, assignment.target.walk.steps
        assert field is not None
        if _listed(field):
            segments = assignment.target.path.segments
            listed = next((index for index, segment in enumerate(segments) if not isinstance(segment, Name)), None)
            if listed is not None:
                return listed - 1
            return next((index for index, place in enumerate(steps) if place.kinds == {"array"}), len(segments) - 1)
        clear = field.ast.clear or self.module.resource.unit.declaration.clear
        return len(assignment.target.path.segments) - 1 if clear is not None and clear.value is not None else None

    def _clears_a_list(self, assignment: Assignment) -> bool:
        """Whether what is cleared is a list: it becomes empty, where another place becomes null."""
        field, steps = assignment.field, assignment.target.walk.steps
        assert field is not None
        if _listed(field):
            return assignment.column is None
        return bool(steps) and steps[min(owned_depth(self.step, assignment), len(steps) - 1)].kinds == {"array"}

    # ------------------------------------------------------------------------------------- kinds of fields
    def _plain(self, assignment: Assignment) -> Entry:
        field, segments = assignment.field, assignment.target.path.segments
        assert field is not None
        if assignment.opened:
            segments = (*segments, SPREAD)
        name = self._named(assignment)
        local = self.values.locals.get(field.name) if not assignment.owners else None
        value = self._path(assignment)[-1]
        required = self.operation.name in field.model.required and not assignment.owners
        if self.whole and field.model.required and not assignment.owners:
            value, required = f"{self.values.inputs()}.require({lit(name)}, {value}, {self.values.title()})", True
        encoded = self._encoded(assignment, local or value, name)
        given = value if field.ast.one and not assignment.owners else self._given(assignment)
        if self.updates and not field.model.required and not field.ast.clears and can_clear(self.module.resource, field):
            unless = self._empty(assignment)
            return Entry(segments, encoded, self._in_update(assignment), unless, self._cleared(assignment), self._cleared_at(assignment))
        always = self.operation.name in field.model.required and not assignment.owners
        sure = always or ((required or local is not None) and not self.updates)
        return Entry(segments, encoded, None if sure else given or None)

    def _encoded(self, assignment: Assignment, source: str, name: str) -> str:
        field, target = assignment.field, assignment.target
        assert field is not None
        if field.ast.each is not None:
            return f"[{self._element_function(assignment)}(each) for each in {source}]"
        if field.ast.one:
            single = f"{self.values.inputs()}.only({source}, {lit(name)}, {self.values.title()})"
            return self.values.encoded(single, ast.Type(field.model.type.kind), field, name, target)
        encoded = self.values.encoded(source, field.model.type, field, name, target)
        if field.model.type.many and target.place == "query" and joined(self.module, assignment):
            return joined_code(self.module, self.values, assignment, encoded, name)
        return encoded

    def _arm(self, assignment: Assignment) -> Entry:
        """One arm of a union; an update sends the other arms as cleared."""
        field = assignment.field
        assert field is not None
        arm = next(arm for arm, _ in field.case if arm.kind == assignment.column)
        value = self._path(assignment)[-1]
        test = _ARM_TESTS.get(arm.kind, "isinstance({0}, str)").format(value)
        always = self.operation.name in field.model.required and not assignment.owners
        if always and arm.kind == "date" and {other.kind for other, _ in field.case} == {"date", "datetime"}:
            test = f"not isinstance({value}, datetime)"  # it is there, and a day is all else that it can be
        for name in _ARM_IMPORTS.get(arm.kind, ()):
            self.module.imports.add(("decimal" if name == "Decimal" else "datetime", name))
        test = " and ".join([*(f"{owner} is not None" for owner in self._path(assignment)[:-1]), test])
        encoded = self.values.encoded(value, arm, None, self._named(assignment), assignment.target)
        if self.updates:
            return Entry(
                assignment.target.path.segments, f"{encoded} if {test} else {self._cleared(assignment)}", self._in_update(assignment)
            )
        return Entry(assignment.target.path.segments, encoded, test)

    def _slot(self, assignment: Assignment) -> Entry:
        """One place of a list in numbered places; an update clears those that are not given."""
        field = assignment.field
        assert field is not None and assignment.column is not None
        index, _, name = assignment.column.partition(".")
        slot = field.slots[int(index)]
        local = unique(snake("_".join([field.name, *map(str, slot.constants.values())])), self.taken)
        self.taken.add(local)
        value = self._path(assignment)[-1]
        which = f"{lit(dict(slot.constants))}, {lit(name)}, {self._slots(field)}, {lit(field.name)}, {self.values.title()}"
        if slot.split is None:
            self.block.add(f"{local} = {self.values.inputs()}.slot({value}, {which}{self._slot_gaps(field)})")
        else:
            self.block.add(f"{local} = {self.values.inputs()}.slot_of_several({value}, {lit(slot.split)}, {which}{self._slot_gaps(field)})")
        inner = next(inner for inner in field.model.type.fields if inner.name.value == name)
        encoded = self.values.encoded(local, inner.type, None, f"{self._named(assignment)}.{name}", assignment.target)
        if not self.updates:
            return Entry(assignment.target.path.segments, encoded, f"{local} is not None")
        cleared = self._cleared(assignment)
        code = local if encoded == local and cleared == "None" else f"{encoded} if {local} is not None else {cleared}"
        return Entry(assignment.target.path.segments, code, self._in_update(assignment))

    def _slots(self, field: ResolvedField) -> str:
        """The constant that holds what tells the elements of a field's places apart."""
        places = "".join(f"{lit(dict(slot.constants))}, " for slot in field.slots)
        return self.module.constant(constant(field.name, "slots"), f"({places})")

    def _slot_gaps(self, field: ResolvedField) -> str:
        """A further argument: the constant that says why the vendor has no place for some elements. Nothing where no reason is given."""
        prefix = f"{field.name}."
        gaps = self.module.resource.gaps
        reasons = {key.removeprefix(prefix): reason.value for key, reason in gaps.items() if key.startswith(prefix)}
        return f", {self.module.constant(constant(field.name, 'gaps'), lit(reasons))}" if reasons else ""

    def _row(self, group: list[Assignment], variable: str | None) -> str:
        """A table of several columns: the row's words by place. Returns the statement that puts them into a dictionary, or, without
        one, the local that holds them."""
        field = group[0].field
        assert field is not None and field.table is not None
        columns = tuple((a.column or "", a.target.name) for a in group)
        table = self.module.row_table(field, columns)
        value, guard = self._path(group[0])[-1], self._given(group[0])
        values = {v.value for v in field.model.type.values} if field.model.type.kind == "enum" else {True, False}
        row = f"{table}[{value}]"
        if not {r.value.value for r in field.table.rows} >= values:
            helper = self.values.inputs()
            row = f"{helper}.word({table}, {value}, {lit(field.name)}, {self.values.title()}{self.values.gaps(field)})"
        if variable is not None:
            return f"if {guard}:\n    {variable}.update({row})" if guard else f"{variable}.update({row})"
        local = unique(snake(field.name), self.taken)
        self.taken.add(local)
        self.block.add(f"{local} = {row} if {guard} else {{}}" if guard else f"{local} = {row}")
        return local

    def _element_function(self, assignment: Assignment) -> str:
        """The function that writes one element of a list of objects; inner fields that are read only are left out."""
        field = assignment.field
        assert field is not None
        record = self.module.record_class(field)
        self.module.typing("Any")

        def write(name: str) -> str:
            block = Block()
            block.open(f"def {name}(r: {record}) -> dict[str, Any]:")
            values = Values(self.module, "r", {}, prefix=(*self.values.prefix, field.name))
            inner = FieldWriter(
                self.module, self.operation, self.step, values, block, self.module.reserved("r", "each", "body"), whole=True
            )
            entries, statements = inner.entries(assignment.elements, "body")
            BodyWriter(block, "body", inner.taken, entries).write()
            block.add(*statements, "return body")
            block.close()
            return str(block)

        return self.module.helper(f"_write_{snake(nested_class(field.model))}", write)


def _listed(field: ResolvedField) -> bool:
    """Whether the vendor's place holds a list for the field's."""
    return field.model.type.many and not field.ast.one and not (field.codec is not None and field.codec.whole)


def joined(module: ModuleContext, assignment: Assignment) -> bool:
    """Whether the vendor takes a list in one parameter, with commas between (OpenAPI: `explode: false`, or a plain string)."""
    parameter = assignment.target.parameter
    _, listed = element(module.schemas, assignment.target.walk)
    return not listed or (parameter is not None and not parameter.explode)


def between(assignment: Assignment) -> str:
    """What stands between the values of such a list (OpenAPI: `style`)."""
    parameter = assignment.target.parameter
    return {"spaceDelimited": " ", "pipeDelimited": "|"}.get(parameter.style, ",") if parameter is not None else ","


def joined_code(module: ModuleContext, values: Values, assignment: Assignment, code: str, name: str) -> str:
    """Code that joins a list."""
    mark = between(assignment)
    return f"{values.inputs()}.joined({code}, {lit(name)}, {values.title()}{f', {lit(mark)}' if mark != ',' else ''})"
