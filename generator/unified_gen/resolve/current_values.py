"""Resolver of what an update reads before it writes: current values of fields, and the objects that name what a request accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from unified_gen.diagnostics.codes import map004_unknown_reference
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.references import Scope
from unified_gen.resolve.resolved import CurrentValue
from unified_openapi.source.spans import Text

OVERWRITE = "overwrite"
"""Input by which a caller accepts that text is lost."""


def part_inputs(field: ast.ModelField) -> tuple[str, ...]:
    """Return the names of the inputs by which callers change a part of a field."""
    if field.type.many:
        return f"add_{field.name}", f"remove_{field.name}"
    return (f"append_{field.name}", OVERWRITE) if field.type.kind == "markdown" else ()


def current_values(
    step: ast.Step, model: ast.Model, fields: Mapping[str, ResolvedField], scope: Scope, reporter: Reporter
) -> Iterator[CurrentValue]:
    """Yield the current values that a step saves. The inputs that change a part of them count as used."""
    known = {field.name.value: field for field in model.fields if part_inputs(field)}
    by_member = {name.value for name in step.by_member}
    protect = {name.value: scope.resolve(text) for name, text in step.protect}
    for members in protect.values():
        if members is not None and members.walk is not None:
            reporter.used(members.walk, any_type=True)
    for name, text in step.current:
        value = scope.resolve(text)
        if name.value not in known:
            reporter.add(map004_unknown_reference.report(name, name.value, tuple(known)))
        elif value is not None and value.kind == "saved":
            field = known[name.value]
            scope.used |= {part for part in part_inputs(field) if part in scope.inputs}
            if name.value in by_member:
                scope.used.add(name.value)
            yield CurrentValue(field, value, fields.get(name.value), name.value in by_member, protect.get(name.value))
        elif value is not None:
            reporter.add(map004_unknown_reference.report(text, text.value, tuple(scope.saved)))
    for name in (*step.by_member, *(name for name, _ in step.protect)):
        if name.value not in {field.value for field, _ in step.current}:
            reporter.add(map004_unknown_reference.report(name, name.value, tuple(field.value for field, _ in step.current)))


def extra_objects(step: ast.Step, scope: Scope, reporter: Reporter) -> Iterator[tuple[str, Reference]]:
    """Yield the names of objects of `extra`, and the saved objects that name what the request accepts of them."""
    for name, text in step.extra:
        value = scope.resolve(text)
        if value is not None and value.walk is not None:
            reporter.used(value.walk, any_type=True)
        if value is not None:
            yield name.value, value


def custom_field_inputs(text: Text) -> dict[str, ast.Input]:
    """Return the names of the custom field that a request is sent for."""
    types = {"custom_field": ast.Type("id")}
    if text.value == "each":
        types["custom_field_value"] = ast.Type(ast.ANY_VALUE)
    return {
        name: ast.Input(name=Text(name, text.span), type=type, summary="", span=text.span, required=True) for name, type in types.items()
    }


def repeated(step: ast.Step, scope: Scope) -> tuple[str, Reference] | None:
    """Return the name of one element and the list, after adding the name to the scope."""
    if step.repeat is None:
        return None
    name, text = step.repeat
    listed = scope.resolve(text)
    if listed is None or listed.type is None:
        return None
    given = ast.Input(name=name, type=replace(listed.type, many=False), summary="", span=name.span, required=True)
    scope.inputs = {**scope.inputs, name.value: given}
    return name.value, listed
