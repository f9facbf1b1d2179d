"""What generated adapters ask of a vendor's answer beyond its fields: that something is there, or which of a list it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from unified_runtime.errors import Conflict, InvalidInput, NotFound, Unsupported, VendorProtocolError
from unified_runtime.raw import Raw
from unified_runtime.symbols import PlanEnds, Symbol

V = TypeVar("V")


def present(value: V | None, name: str, vendor: str) -> V:
    """A value that the answer must hold.

    Raises:
        VendorProtocolError: it lacks it.
    """
    if value is None or value == "":  # an empty id names nothing
        raise VendorProtocolError(f"the answer of {vendor} lacks {name}")
    return value


def word(table: Mapping[Any, V], value: Any, otherwise: V | None = None) -> V | None:
    """The unified value for a vendor's word. A list or an object where a word was expected is a word that no row knows."""
    return otherwise if isinstance(value, (list, dict)) else table.get(value, otherwise)


def at(value: Any, *path: str | int) -> Any:
    """What stands at a place of a value that is not described: names of objects, indexes of lists. None where there is nothing."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def integer(value: str | None) -> int | None:
    """A whole number that stands in text; None where there is none."""
    return int(value) if value is not None and value.removeprefix("-").isascii() and value.removeprefix("-").isdigit() else None


def listed(value: Any) -> list[Any]:
    """A list that is not described; what is none counts as an empty one."""
    return value if isinstance(value, list) else []


def split(value: str | None, mark: str) -> list[str]:
    """The values of a text that holds several with `mark` between them; what is empty is none."""
    return [text for part in (value or "").split(mark) if (text := part.strip())]


def item(values: Sequence[V] | None, index: int) -> V | None:
    """An element of a list, counted from 0 (or from the end, from -1); None where there is none."""
    if values is None or not -len(values) <= index < len(values):
        return None
    return values[index]


def first(values: Sequence[V] | None, test: Callable[[V], bool], name: str) -> V | None:
    """The first element that passes a test; None where none does. Under a plan: what stands for it, by `name`."""
    if isinstance(values, Symbol):
        return Symbol(name)
    for value in values or ():
        if test(value):
            return value
    return None


def fitting(value: V | None, test: Callable[[V], bool], name: str) -> V | None:
    """An object that passes a test; None where there is none or it does not. Under a plan: what stands for it, by `name`."""
    if isinstance(value, Symbol):
        symbol: Any = Symbol(name)
        return symbol  # type: ignore[no-any-return]
    return value if value is not None and test(value) else None


def found(value: V | None, message: str, kind: str) -> V:
    """The result of a look-up.

    Raises:
        Conflict, InvalidInput: there is none; `kind` says which.
    """
    if value is None:
        raise (Conflict if kind == "Conflict" else InvalidInput)(message)
    return value


def all_of_it(more: object, vendor: str) -> None:
    """Refuse a look-up that found more than its answer holds: going on with a part of it would look complete.

    Raises:
        Unsupported: the answer says so.
    """
    if more and not isinstance(more, Symbol):  # a plan knows no answer
        raise Unsupported(f"{vendor} finds more than one answer of this look-up can hold: ask for fewer, by another filter")


def one(value: V | None, record: str, vendor: str) -> V:
    """The one record of a list that was asked for by its id.

    Raises:
        NotFound: the list is empty.
    """
    if value is None:
        raise NotFound(f"{vendor} has no such {record}, or none that this credential may see")
    return value


def not_one(record: str, vendor: str) -> NotFound:
    """The error for an answer that holds something else than what the resource is about."""
    return NotFound(f"this id is of no {record} at {vendor}, but of something else")


def known(found: tuple[V, Raw] | None, vendor: str) -> tuple[V, Raw]:
    """The last answer of an update, and its raw form; ends a plan where it is not known yet.

    Raises:
        InvalidInput: there is none, as none of the requests was needed.
    """
    if found is None:
        raise InvalidInput(f"nothing of what was given changes anything at {vendor}")
    if isinstance(found[0], Symbol):
        raise PlanEnds
    return found
