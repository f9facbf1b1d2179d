"""Changes of a part of a field in an update: members of a list, and text that is appended to what the vendor has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from unified_runtime.core.errors import Conflict, InvalidInput
from unified_runtime.core.symbols import Symbol

M = TypeVar("M", bound=BaseModel)


def complete_list(model: M, name: str, current: Iterable[Any] | None, vendor: str, protected: Iterable[Any] | None = None) -> M:
    """Return an update whose list `name` is the current one with `add_<name>` and without `remove_<name>`, if these are given.

    A list that is given itself also has the current members among `protected`, by which the vendor stores other fields.

    Raises:
        InvalidInput: the complete list is given too, or a member is added and removed.
    """
    added, removed = _parts(model, name, vendor)
    now = [] if current is None or isinstance(current, Symbol) else [str(value) for value in current]
    if protected is not None and name in model.model_fields_set and not isinstance(protected, Symbol):
        held = [member for value in protected for member in (value if isinstance(value, list) else [value])]
        added, removed = getattr(model, name) or [], [value for value in now if value not in held]
    if added is None and removed is None:
        return model
    rest = [value for value in now if not _has(removed or (), value)]
    return model.model_copy(update={name: [*rest, *(value for value in added or () if not _has(rest, value))]})


def by_member(model: M, name: str, current: Iterable[Any] | None, vendor: str) -> M:
    """Return an update whose `add_<name>` and `remove_<name>` turn the current list into the given one.

    Members that are there already are not added, and others are not removed.

    Raises:
        InvalidInput: the complete list and a part of it are given, or a member is added and removed.
    """
    added, removed = _parts(model, name, vendor)
    now = [] if current is None or isinstance(current, Symbol) else [str(value) for value in current]
    if name in model.model_fields_set:
        wanted = getattr(model, name) or []
        added, removed = wanted, [value for value in now if not _has(wanted, value)]
    if added is None and removed is None:
        return model
    removed = removed if isinstance(current, Symbol) else [value for value in now if _has(removed or (), value)]
    added = [value for value in added or () if not _has(now, value)]
    return model.model_copy(update={f"add_{name}": added or None, f"remove_{name}": removed or None})


def text(
    model: M,
    name: str,
    current: Any,
    vendor: str,
    extend: Callable[[Any, str], str] | None = None,
    lost: Callable[[Any, str], Sequence[str]] | None = None,
) -> M:
    """Return an update that appends `append_<name>` to the current text, and rejects one that would lose what only the vendor can hold.

    `extend` returns a text that the codec writes after the stored one; `lost` names what the codec cannot represent of it.

    Raises:
        InvalidInput: the text and an addition to it are given.
        Conflict: the text replaces one that holds more than text, and `overwrite` is not true.
    """
    addition = getattr(model, f"append_{name}", None)
    if addition is not None:
        if name in model.model_fields_set:
            raise InvalidInput(f"give {name} or append_{name}, not both", fields={f"append_{name}": f"not with {name}"})
        if current is None or isinstance(current, Symbol) or current == "":
            return model.model_copy(update={name: addition})
        longer = extend(current, addition) if extend is not None else f"{str(current).rstrip()}\n\n{addition}"
        return model.model_copy(update={name: longer})
    if name in model.model_fields_set and lost is not None and current is not None and not isinstance(current, Symbol):
        held = [] if getattr(model, "overwrite", None) else lost(current, getattr(model, name) or "")
        if held:
            what = ", ".join(held)
            raise Conflict(
                f"the {name} at {vendor} holds what Markdown cannot ({what}), which would be lost: "
                f"use append_{name} to add text, or overwrite=True to replace it",
                fields={name: f"would lose {what}"},
            )
    return model


def _parts(model: BaseModel, name: str, vendor: str) -> tuple[list[str] | None, list[str] | None]:
    added, removed = getattr(model, f"add_{name}", None), getattr(model, f"remove_{name}", None)
    if (added or removed) and name in model.model_fields_set:
        raise InvalidInput(
            f"give {name}, which replaces all, or add_{name} and remove_{name}, not both",
            fields={name: f"not with add_{name} or remove_{name}"},
        )
    if both := [value for value in added or () if _has(removed or (), value)]:
        raise InvalidInput(f"{both[0]!r} is to be added and removed", fields={f"add_{name}": f"not with remove_{name}"})
    return added or None, removed or None


def _has(values: Iterable[str], value: str) -> bool:
    return any(each.casefold() == value.casefold() for each in values)
