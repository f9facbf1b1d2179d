"""Slots that overlap, or that do not match their declaration.

A mapping of slots (`{work: Phone}`) is for elements that have an enum and one further field: its keys are values of the enum. An element
of the list goes to the slot with its constants. So no element may fit two slots, and each constant is a value that the model's
field can have. A path whose text holds several values (`separator`) is the only path of its slot, and is text.

Wrong: `[{type: work, number: Phone}, {type: work, number: OtherPhone}]`: a number for work would be sent to both.
Right: `[{type: work, number: Phone}, {type: other, number: OtherPhone}]`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.resolve.inspection import element
from unified_gen.resolve.record_fields import ResolvedField, ResolvedSlot
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.slots import meet, slotted
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP307", "slots overlap or do not match", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every pair of slots that an element fits, every invalid constant, and every `separator` that has no effect."""
    for name, field in slotted(resource):
        if (keyed := next((slot for slot in field.slots if slot.ast.key is not None), None)) is not None:
            inner = " and ".join(f"`{each.name.value}`" for each in field.model.type.fields)
            yield finding(
                CODE,
                f"slots by enum value need elements of an enum and one further field, and an element of `{name}` has {inner}",
                keyed.ast.span,
                help="list the slots instead: `- {type: work, number: Phone}`",
            )
            continue
        for index, slot in enumerate(field.slots):
            yield from _constants(name, field, slot)
            yield from _split(resource, field, slot)
            first = next((other for other in field.slots[:index] if meet(other, slot)), None)
            if first is not None:
                yield finding(
                    CODE,
                    f"an element of `{name}` can fit this slot and an earlier one",
                    slot.ast.span,
                    notes=(Note("the earlier one", first.ast.span),),
                    help="give the two slots different constants",
                )


def _constants(name: str, field: ResolvedField, slot: ResolvedSlot) -> Iterator[Diagnostic]:
    inner = {each.name.value: each for each in field.model.type.fields}
    for key, value in slot.constants.items():
        if key not in inner:
            yield finding(CODE, f"`{name}` has no field `{key}`", slot.ast.span, help=did_you_mean(key, tuple(inner)))
        elif inner[key].type.values and value not in (values := [each.value for each in inner[key].type.values]):
            yield finding(
                CODE,
                f"`{name}.{key}` has no value {value!r}",
                slot.ast.paths[key].span if key in slot.ast.paths else slot.ast.constants[key].span,
                notes=(Note("the model's values", inner[key].span),),
                help=did_you_mean(str(value), values),
            )


def _split(resource: ResolvedResource, field: ResolvedField, slot: ResolvedSlot) -> Iterator[Diagnostic]:
    for name, mark in slot.ast.separators.items():
        leaf = slot.paths.get(name)
        if not mark.value.strip():
            yield finding(
                CODE,
                "white space is removed around values, so it cannot be a separator",
                mark.span,
                help="use another separator, such as `;`",
            )
        if leaf is None:
            if name in slot.constants:
                yield finding(CODE, f"`{name}` is an enum, and a slot has one value of it", mark.span)
            continue
        if len(slot.paths) > 1:
            yield finding(CODE, "a slot for several elements has one path: values of several paths cannot be paired", slot.ast.span)
        shape, many = element(resource.unit.schemas, leaf.walk)
        if shape is not None and not many and shape.kinds and "string" not in shape.kinds:
            yield finding(
                CODE,
                f"`{leaf.text.value}` holds {shape.description}, and only a text can be split",
                leaf.text.span,
                notes=(Note("the vendor's type", resource.unit.document.span(shape.pointer)),),
            )
