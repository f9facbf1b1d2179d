"""Values that distinguish the slots of a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_gen.resolve.record_fields import ResolvedField, ResolvedSlot
from unified_gen.resolve.resolved import ResolvedResource


def slotted(resource: ResolvedResource) -> Iterator[tuple[str, ResolvedField]]:
    """Yield every field in slots, inner fields too, with its name from the record on."""

    def deep(fields: tuple[ResolvedField, ...], before: str) -> Iterator[tuple[str, ResolvedField]]:
        for field in fields:
            if field.slots:
                yield before + field.name, field
            yield from deep(field.nested, f"{before}{field.name}.")

    yield from deep(resource.fields, "")


def held(field: ResolvedField) -> dict[str, dict[Any, ResolvedSlot]]:
    """Return the values that slots are for, by the inner field whose values they are; of a field that some slot leaves open, none."""
    names = set.intersection(*(set(slot.constants) for slot in field.slots))
    return {name: {slot.constants[name]: slot for slot in reversed(field.slots)} for name in names}


def meet(one: ResolvedSlot, other: ResolvedSlot) -> bool:
    """Return true if some element fits both slots."""
    return all(one.constants[name] == other.constants[name] for name in one.constants.keys() & other.constants.keys())
