"""Code of a lookup by `where`: the first element of a saved list, or a saved object, that has the requested values."""

from __future__ import annotations

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.inline_paths import inline
from unified_gen.lower.python import lit, snake, tuple_of
from unified_gen.lower.structs import StructDef
from unified_gen.lower.tables import read_value, row_reader
from unified_gen.lower.values import Values
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.conversions import TEXT_KINDS
from unified_gen.resolve.record_fields import Leaf
from unified_gen.resolve.resolved import SavedValue


def search(module: ModuleContext, values: Values, saved: SavedValue, items: str, struct: StructDef | None) -> str:
    """Return code that finds the element; it gives None if there is none. A condition whose input is not given holds."""
    tests = []
    for leaf, reference in saved.searched:
        test = _test(module, values, leaf, reference, struct)
        optional = reference.kind in ("field", "input") and values.presence(reference) is not None
        tests.append(f"({values.raw(reference)} is None or {test})" if optional else test)
    if saved.choice is not None:
        by = inline(module, "each", struct, saved.choice.by.path.segments)
        named = f", named={values.raw(saved.choice.named)}" if saved.choice.named is not None else ""
        named += f", present={values.raw(saved.choice.present)}" if saved.choice.present is not None else ""
        usual = f", usual={tuple_of(map(lit, saved.choice.usual))}" if saved.choice.usual else ""
        message = f", {values.template(saved.not_found)}" if saved.not_found is not None else ""
        name = f"{lit(snake(saved.name))}{message}{named}{usual}"
        return f"{module.use('choices')}.choose({items}, lambda each: {' and '.join(tests)}, lambda each: {by}, {name})"
    function = "first" if saved.listed else "if_matching"
    return f"{module.use('responses')}.{function}({items}, lambda each: {' and '.join(tests)}, {lit(snake(saved.name))})"


def _test(module: ModuleContext, values: Values, leaf: Leaf, reference: Reference, struct: StructDef | None) -> str:
    carrier = reference.carrier
    wanted = values.raw(reference)
    if not leaf.path.segments and carrier is not None and carrier.table is not None and carrier.table.columns:
        locations = [inline(module, "each", struct, column.path.segments) for column in carrier.table.columns]
        return f"{row_reader(module, carrier)}({', '.join(locations)}) == {wanted}"
    location = inline(module, "each", struct, leaf.path.segments)
    if leaf.walk.many and reference.type is not None and reference.type.many:
        return f"{module.use('responses')}.has_all({location}, {wanted})"
    if carrier is not None and carrier.table is not None:
        return f"{read_value(module, carrier, location, leaf.walk.shape)} == {wanted}"
    if carrier is not None and carrier.codec is not None and carrier.codec.name != "link":
        return f"{location} == {module.codec(carrier.codec.module)}.encode({wanted})"
    if reference.kind == "literal":
        return f"{location} {'is' if isinstance(reference.literal, bool) or reference.literal is None else '=='} {wanted}"
    shape = leaf.walk.shape
    text = reference.type is None or reference.type.kind in TEXT_KINDS
    number = shape is not None and (shape.kinds == {"integer"} or shape.kinds == {"integer", "string"}) and text
    return f"str({location}) == {wanted}" if number else f"{location} == {wanted}"
