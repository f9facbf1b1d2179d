"""Unions, in both directions: code that reads the path of each arm, and code that writes the arm that a value has."""

from __future__ import annotations

from unified_gen.lower.bodies import BodyEntry
from unified_gen.lower.reading import Expression, Reader
from unified_gen.lower.writing import FieldWriter
from unified_gen.resolve import inspection
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.conversions import reading
from unified_gen.resolve.record_fields import ResolvedField
from unified_openapi.schemas.paths import Segment

_ARM_TESTS = {
    "datetime": "isinstance({0}, datetime)",
    "date": "isinstance({0}, date) and not isinstance({0}, datetime)",
    "boolean": "isinstance({0}, bool)",
    "integer": "isinstance({0}, int) and not isinstance({0}, bool)",
    "decimal": "isinstance({0}, Decimal)",
}
"""Tests for the arm of a union that a value has; any other arm is text."""
_ARM_IMPORTS = {"date": ("date", "datetime"), "datetime": ("datetime",), "decimal": ("Decimal",)}


def read_union(reader: Reader, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
    """Return the value of the first arm whose path holds something."""
    arms = []
    for arm, leaf in field.by_type:
        location = reader.leaf(leaf, base)
        shape, _ = inspection.element(reader.module.schemas, leaf.walk)
        inner = reader.converted(reading(arm, shape), Expression(location.code, optional=False, type=location.type), arm)
        arms.append(f"{inner.code} if {location.code} is not None")
    return Expression(" else ".join(arms) + " else None")


def write_arm(writer: FieldWriter, assignment: Assignment) -> BodyEntry:
    """Return one arm of a union; an update sends the other arms as cleared."""
    field = assignment.field
    assert field is not None
    arm = next(arm for arm, _ in field.by_type if arm.kind == assignment.column)
    value = writer.path(assignment)[-1]
    test = _ARM_TESTS.get(arm.kind, "isinstance({0}, str)").format(value)
    always = writer.operation.name in field.model.required and not assignment.owners
    if always and arm.kind == "date" and {other.kind for other, _ in field.by_type} == {"date", "datetime"}:
        test = f"not isinstance({value}, datetime)"  # it is required, and can only be a date otherwise
    for name in _ARM_IMPORTS.get(arm.kind, ()):
        writer.module.imports.add(("decimal" if name == "Decimal" else "datetime", name))
    test = " and ".join([*(f"{owner} is not None" for owner in writer.path(assignment)[:-1]), test])
    encoded = writer.values.encoded(value, arm, None, writer.named(assignment), assignment.target)
    if writer.updates:
        return BodyEntry(
            assignment.target.path.segments, f"{encoded} if {test} else {writer.cleared(assignment)}", writer.in_update(assignment)
        )
    return BodyEntry(assignment.target.path.segments, encoded, test)
