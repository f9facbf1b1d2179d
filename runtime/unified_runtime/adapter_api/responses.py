"""Checks and look-ups in a vendor's response that generated adapters use: required values, enum values, elements of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    Unavailable,
    UnifiedError,
    Unsupported,
    VendorProtocolError,
)
from unified_runtime.core.planning import PlanEnds
from unified_runtime.core.raw import Raw
from unified_runtime.core.symbols import Symbol

V = TypeVar("V")


def required(value: V | None, name: str, vendor: str) -> V:
    """Return a value that the response must have.

    Raises:
        VendorProtocolError: it is missing.
    """
    if value is None or value == "":  # an empty id is not valid
        raise VendorProtocolError(f"the response of {vendor} lacks {name}")
    return value


def unless(value: V | None, absent: tuple[Any, ...]) -> V | None:
    """Return a value, or None if it is one of those that mean that there is none. 0 is not false, and 1 is not true."""
    known = any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in absent)
    return None if known else value


def enum_value(table: Mapping[Any, V], value: Any, otherwise: V | None = None) -> V | None:
    """Return the unified enum value for a vendor's one. A list or an object counts as an unknown value, for which it is `otherwise`."""
    return otherwise if isinstance(value, (list, dict)) else table.get(value, otherwise)


def at(value: Any, *path: str | int) -> Any:
    """Return the value at a path (names of objects, indexes of lists) of a value without a schema. None if the path does not exist."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def integer(value: str | None) -> int | None:
    """Convert a string to an integer; None if it is not one."""
    return int(value) if value is not None and value.removeprefix("-").isascii() and value.removeprefix("-").isdigit() else None


def as_list(value: Any) -> list[Any]:
    """Return a list without a schema; any other value counts as an empty list."""
    return value if isinstance(value, list) else []


def split(value: str | None, mark: str) -> list[str]:
    """Return the values of a string that has several, separated by `mark`, without empty ones."""
    return [text for part in (value or "").split(mark) if (text := part.strip())]


def item(values: Sequence[V] | None, index: int) -> V | None:
    """Return an element of a list, counted from 0 (or from the end, from -1); None if there is none."""
    if values is None or not -len(values) <= index < len(values):
        return None
    return values[index]


def first(values: Sequence[V] | None, test: Callable[[V], bool], name: str) -> V | None:
    """Return the first element that passes a test; None if none does. In a plan: a placeholder with `name`."""
    if isinstance(values, Symbol):
        return Symbol(name)
    for value in values or ():
        if test(value):
            return value
    return None


def if_matching(value: V | None, test: Callable[[V], bool], name: str) -> V | None:
    """Return an object if it passes a test; None if it is None or does not. In a plan: a placeholder with `name`."""
    if isinstance(value, Symbol):
        symbol: Any = Symbol(name)
        return symbol  # type: ignore[no-any-return]
    return value if value is not None and test(value) else None


def has_all(values: Sequence[object], wanted: Iterable[object] | None) -> bool:
    """Return true if a list has every one of these values."""
    return all(value in values for value in wanted or ())


def missing(value: object) -> bool:
    """Return true if nothing was saved. In a plan, which has no response: true, so that the plan has the requests that follow."""
    return value is None or isinstance(value, Symbol)


def found(value: V | None, message: str, kind: str) -> V:
    """Return the result of a look-up.

    Raises:
        Conflict, InvalidInput, NotFound: there is none; `kind` is the name of the error.
    """
    if value is None:
        raise _MISSING[kind](message)
    return value


_MISSING: Mapping[str, type[UnifiedError]] = {"Conflict": Conflict, "InvalidInput": InvalidInput, "NotFound": NotFound}


def looked_up(steps: Steps[V], message: str, kind: str) -> Steps[V]:
    """Send the request of a look-up of one record, and return the record.

    Raises:
        InvalidInput, NotFound: the vendor has none; `kind` is the name of the error.
    """
    try:
        return (yield from steps)
    except NotFound as error:
        raise _MISSING[kind](message, status=error.status, code=error.code, request_id=error.request_id) from error


def filter_value(value: V | None, name: str, vendor: str) -> V:
    """Return a value of a response that a list is filtered by: without it, the list would have more records than were requested.

    Raises:
        VendorProtocolError: it is missing.
    """
    return value if isinstance(value, Symbol) else required(value, name, vendor)


def check_complete(more: object, vendor: str) -> None:
    """Reject a list or a look-up that has more results than its responses contain: a part of them would appear complete.

    Raises:
        Unsupported: there are more results.
    """
    if more and not isinstance(more, Symbol):  # a plan has no response
        raise Unsupported(f"{vendor} finds more records than one response can contain: use a narrower filter")


def check_not_partial(partial: object, vendor: str) -> None:
    """Reject a page that the vendor reports as incomplete, such as a search that took too long: it would appear complete.

    Raises:
        Unavailable: the response is incomplete.
    """
    if partial and not isinstance(partial, Symbol):
        raise Unavailable(f"{vendor} returned only a part of the results, as the search took too long: repeat it, or use a narrower filter")


def one(value: V | None, record: str, vendor: str) -> V:
    """Return the record of a list that was requested by its id.

    Raises:
        NotFound: the list is empty.
    """
    if value is None:
        raise NotFound(f"{vendor} has no such {record}, or none that this credential may see")
    return value


def wrong_resource(record: str, vendor: str) -> NotFound:
    """Return the error for an id that belongs to a record of another resource."""
    return NotFound(f"this id is of no {record} at {vendor}, but of something else")


def check_resource(value: V | None, test: Callable[[V], bool], record: str, vendor: str) -> None:
    """Check a record before it is changed. In a plan, which has no response, nothing is checked.

    Raises:
        NotFound: it is of another resource.
    """
    if value is not None and not isinstance(value, Symbol) and not test(value):
        raise wrong_resource(record, vendor)


def last_response(found: tuple[V, Raw] | None, vendor: str) -> tuple[V, Raw]:
    """Return the last response of an update and its raw form. In a plan, which has no response, end the plan.

    Raises:
        InvalidInput: there is none, because no request was necessary.
    """
    if found is None:
        raise InvalidInput(f"nothing of what was given changes anything at {vendor}")
    if isinstance(found[0], Symbol):
        raise PlanEnds
    return found


def first_value(*values: V | None) -> V | None:
    """Return the first value that is not None."""
    return next((value for value in values if value is not None), None)
