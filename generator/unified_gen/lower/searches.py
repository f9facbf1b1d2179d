"""`where`: the first element of a kept list, or a kept object, that reads as what was asked for."""

from __future__ import annotations

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.inline import inline
from unified_gen.lower.python import lit, snake
from unified_gen.lower.structs import StructDef
from unified_gen.lower.values import Values
from unified_gen.resolve.resolved import Kept, Leaf, Reference
from unified_gen.schema.paths import parse_path


def search(module: ModuleContext, values: Values, kept: Kept, items: str, struct: StructDef | None) -> str:
    """Code that finds the element; None where there is none."""
    tests = [_test(module, values, leaf, reference, struct) for leaf, reference in kept.searched]
    function = "first" if kept.listed else "fitting"
    return f"{module.use('answers')}.{function}({items}, lambda each: {' and '.join(tests)}, {lit(snake(kept.name))})"


def _test(module: ModuleContext, values: Values, leaf: Leaf, reference: Reference, struct: StructDef | None) -> str:
    carrier = reference.carrier
    wanted = values.raw(reference)
    if not leaf.path.segments and carrier is not None and carrier.table is not None and carrier.table.columns:
        places = [inline(module, "each", struct, tuple(parse_path(column.value).segments)) for column in carrier.table.columns]
        return f"{module.row_reader(carrier)}({', '.join(places)}) == {wanted}"
    place = inline(module, "each", struct, leaf.path.segments)
    if carrier is not None and carrier.table is not None:
        return f"{module.read_word(carrier, place, leaf.walk.shape)} == {wanted}"
    if carrier is not None and carrier.codec is not None and carrier.codec.name != "link":
        return f"{place} == {module.codec(carrier.codec.module)}.encode({wanted})"
    shape = leaf.walk.shape
    return f"str({place}) == {wanted}" if shape is not None and shape.kinds == {"integer"} else f"{place} == {wanted}"
