"""Lists that a vendor stores in separate fields: a work phone, a home phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from unified_runtime.adapter_api import input_validation
from unified_runtime.core.errors import Unsupported

Slots: TypeAlias = Sequence[Mapping[str, Any]]
"""For each fixed field that a vendor has for the elements of a list, the constants that select its element."""


def slot(
    values: Sequence[Any] | None,
    constants: Mapping[str, Any],
    name: str,
    slots: Slots,
    field: str,
    vendor: str,
    unsupported: Mapping[str, str] | None = None,
) -> Any:
    """Return the value for one of a vendor's fixed fields for a list (its work phone, its home phone); None if there is none.

    `constants` select the elements of this field, `slots` are those of all such fields; `unsupported` has the reasons why there is no
    field for other elements, by `key.value`.

    Raises:
        Unsupported: the vendor has no field for an element, or two elements have the same field.
    """
    chosen = _of_slot(values, constants, slots, field, vendor, unsupported)
    if len(chosen) > 1:
        raise Unsupported(
            f"{vendor} has a single field for {' '.join(map(str, constants.values()))} in {field}", fields={field: "at most one of a kind"}
        )
    return getattr(chosen[0], name) if chosen else None


def slot_of_several(
    values: Sequence[Any] | None,
    mark: str,
    constants: Mapping[str, Any],
    name: str,
    slots: Slots,
    field: str,
    vendor: str,
    unsupported: Mapping[str, str] | None = None,
) -> str | None:
    """Like `slot`, for a field whose string has several values, separated by `mark`.

    Raises:
        Unsupported: the vendor has no field for an element.
        InvalidInput: a value has the mark in it, so that the vendor would read it as two.
    """
    chosen = _of_slot(values, constants, slots, field, vendor, unsupported)
    return input_validation.joined([getattr(value, name) for value in chosen], field, vendor, mark) if chosen else None


def _of_slot(
    values: Sequence[Any] | None, constants: Mapping[str, Any], slots: Slots, field: str, vendor: str, unsupported: Mapping[str, str] | None
) -> list[Any]:
    """Return the elements for a field, after checking that there is a field for every element."""
    for value in values or ():
        if not any(_fits(value, other) for other in slots):
            kinds = ", ".join(" ".join(map(str, other.values())) for other in slots)
            reasons = ((unsupported or {}).get(f"{key}.{getattr(value, key)}") for key in slots[0])
            reason = next((text for text in reasons if text), None)
            text = f"{vendor} has no field for this one of {field}" + (f": {reason}" if reason else "") + f"; it has {kinds}"
            raise Unsupported(text, fields={field: f"must be one of {kinds}"})
    return [value for value in values or () if _fits(value, constants)]


def _fits(value: Any, constants: Mapping[str, Any]) -> bool:
    return all(getattr(value, key) == wanted for key, wanted in constants.items())
