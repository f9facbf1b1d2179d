"""Conditions and cleared values of the fields of one object that is written into a request."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import Block, lit
from unified_gen.lower.values import Values
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.inspection import element, owned_depth
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedStep
from unified_openapi.schemas.paths import Name


class FieldWriter(Struct):
    """Writer of the fields of the object in `values.record`. `entire`: an element of a list, which is set anew, nothing of it cleared."""

    module: ModuleContext
    operation: ResolvedOperation
    step: ResolvedStep
    values: Values
    block: Block
    taken: set[str]
    entire: bool = False

    @property
    def updates(self) -> bool:
        """True if a field not given stays as it is, and None clears it."""
        return self.operation.kind == "update" and not self.entire

    # ------------------------------------------------------------------------------------- names and conditions
    def path(self, assignment: Assignment) -> list[str]:
        """Return the expressions on the way to the field's value: each object around it, then the value."""
        assert assignment.field is not None
        found, here = [], self.values.record
        for field in (*assignment.owners, assignment.field):
            here = f"{here}.{field.name}"
            found.append(here)
        return found

    def named(self, assignment: Assignment) -> str:
        """Return the field as callers know it, with the fields that contain it."""
        assert assignment.field is not None
        return ".".join((*self.values.prefix, *(owner.name for owner in assignment.owners), assignment.field.name))

    def given(self, assignment: Assignment) -> str:
        """Return the condition under which the value is there. A list inside an object is never None: an empty one is nothing."""
        *around, value = self.path(assignment)
        assert assignment.field is not None
        if not around and not self.entire and assignment.field.name in self.values.present:
            return ""
        field = assignment.field
        listed = ((around or self.entire) and field.model.type.many) or (field.codec is not None and field.codec.takes_list)
        return " and ".join([*(f"{each} is not None" for each in around), value if listed else f"{value} is not None"])

    def in_update(self, assignment: Assignment) -> str:
        """Return the condition under which an update has the field; of a nested record, those that are given of its fields."""
        assert assignment.field is not None
        if not assignment.owners:
            return f"{lit(assignment.field.name)} in given"
        names = [lit(field.name) for field in (*assignment.owners, assignment.field)]
        return f"{self.values.inputs()}.given_within({self.values.record}, {', '.join(names)})"

    def empty(self, assignment: Assignment) -> str:
        """Return the condition under which the given value clears the field."""
        field = assignment.field
        assert field is not None
        *around, value = self.path(assignment)
        listed = field.ast.one or (field.codec is not None and field.codec.takes_list)
        return " or ".join([*(f"{owner} is None" for owner in around), f"not {value}" if listed else f"{value} is None"])

    def emptied(self, assignment: Assignment) -> str:
        """Return the condition under which a location that represents an empty field is written."""
        empty = self.empty(assignment)
        return f"{self.in_update(assignment)} and {f'({empty})' if ' or ' in empty else empty}"

    def filled(self, assignment: Assignment) -> str | None:
        """Return the condition under which a literal beside the value of a field is written: it is given, and not None."""
        assert assignment.field is not None
        is_required = self.operation.name in assignment.field.model.required and not assignment.owners
        conditions = [self.in_update(assignment) if self.updates else "", "" if is_required else self.given(assignment)]
        return " and ".join(filter(None, conditions)) or None

    def cleared(self, assignment: Assignment) -> str:
        """Return the value that is sent for None."""
        field = assignment.field
        assert field is not None
        clear = field.ast.clear or self.module.resource.unit.declaration.clear
        if clear is not None:
            return lit(clear.value)
        if not self._clears_a_list(assignment):
            return "None"
        return "''" if assignment.target.location == "query" else "[]"

    def cleared_at(self, assignment: Assignment) -> int | None:
        """Return the segment at which the location is cleared: that of the value if it is cleared by a value of its own, that of the list
        if it is emptied; null is written further out.
        """
        field, steps = assignment.field, assignment.target.walk.steps
        assert field is not None
        if _listed(field):
            segments = assignment.target.path.segments
            listed = next((index for index, segment in enumerate(segments) if not isinstance(segment, Name)), None)
            if listed is not None:
                return listed - 1
            return next((index for index, location in enumerate(steps) if location.kinds == {"array"}), len(segments) - 1)
        clear = field.ast.clear or self.module.resource.unit.declaration.clear
        return len(assignment.target.path.segments) - 1 if clear is not None and clear.value is not None else None

    def _clears_a_list(self, assignment: Assignment) -> bool:
        """Return true if a list is cleared: it becomes empty, while other locations become null."""
        field, steps = assignment.field, assignment.target.walk.steps
        assert field is not None
        if _listed(field):
            return assignment.column is None
        return bool(steps) and steps[min(owned_depth(self.step, assignment), len(steps) - 1)].kinds == {"array"}


def _listed(field: ResolvedField) -> bool:
    """Return true if the vendor's location holds a list for the field's."""
    return field.model.type.many and not field.ast.one and not (field.codec is not None and field.codec.takes_list)


def joined(module: ModuleContext, assignment: Assignment) -> bool:
    """Return true if the vendor accepts a list in one parameter, with commas between (OpenAPI: `explode: false`, or a plain string)."""
    parameter = assignment.target.parameter
    _, listed = element(module.schemas, assignment.target.walk)
    if assignment.target.encoding is not None:
        return False
    return not listed or (parameter is not None and not parameter.explode)


def between(assignment: Assignment) -> str:
    """Return the separator of the values of such a list (OpenAPI: `style`)."""
    parameter = assignment.target.parameter
    return {"spaceDelimited": " ", "pipeDelimited": "|"}.get(parameter.style, ",") if parameter is not None else ","


def joined_code(values: Values, assignment: Assignment, code: str, name: str) -> str:
    """Return code that joins a list."""
    mark = between(assignment)
    return f"{values.inputs()}.joined({code}, {lit(name)}, {values.title()}{f', {lit(mark)}' if mark != ',' else ''})"
