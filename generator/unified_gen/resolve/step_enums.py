"""Enum values that an input has in one request only, in place of its field's."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from unified_gen.diagnostics.codes import map004_unknown_reference
from unified_gen.language import ast
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.references import Scope


def step_enums(scope: Scope, model: ast.Model, step: ast.Step) -> tuple[ResolvedField, ...]:
    """Return the inputs of a step with enum values of their own, as fields; an input that does not exist or has no enum is reported.

    The name may also be that of a parameter that `params` fills from an input: its values are those of this parameter only.
    """
    known = {given.name.value: given for given in _inputs(scope, model)}
    inputs = frozenset(known)
    known |= {
        binding.input.value: known[binding.reference.value]
        for binding in step.params
        if binding.input is not None and binding.input.value not in known and binding.reference.value in known
    }
    found = []
    for name, table in step.enums:
        given = known.get(name.value)
        if given is None:
            scope.reporter.add(map004_unknown_reference.report(name, name.value, tuple(known)))
        else:
            field = ast.Field(name=name, span=table.span, enum=table)
            of = None if name.value in inputs else given.name.value
            found.append(ResolvedField(ast=field, model=replace(given, name=name), of=of))
    return tuple(found)


def _inputs(scope: Scope, model: ast.Model) -> Iterator[ast.ModelField]:
    """Yield the inputs of the operation whose type is an enum or a boolean."""
    given = [(one.name, one.type, one.span) for one in scope.inputs.values()]
    given += [(one.name, one.type, one.span) for one in model.fields if one.name.value in scope.writable]
    for name, type, span in given:
        if type.kind in ("enum", "boolean"):
            yield ast.ModelField(name=name, type=type, summary="", span=span)
