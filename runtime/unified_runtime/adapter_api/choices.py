"""Choice of one element of a list by its name: the requested name, else the usual one, else the only one. Never a guess."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from unified_runtime.core.errors import Conflict
from unified_runtime.core.symbols import Symbol

V = TypeVar("V")


def choose(
    values: Sequence[V] | None,
    test: Callable[[V], bool],
    by: Callable[[V], Any],
    name: str,
    message: str,
    *,
    named: str | None = None,
    present: str | None = None,
    usual: Sequence[str] = (),
) -> V:
    """Return the element that passes the test and has the requested name; without one, the present one, or the first usual one.

    Elements of the same name are equivalent: the first is returned. Case is ignored. In a plan: a placeholder with `name`.

    Raises:
        Conflict: there is none (`message`, and the names that there are), or several of other names.
    """
    if isinstance(values, Symbol):
        symbol: Any = Symbol(name)
        found_later: V = symbol
        return found_later
    found = [value for value in values or () if test(value) and (named is None or _same(by(value), named))]
    names = list(dict.fromkeys(str(by(value)) for value in found))
    if not found:
        others = list(dict.fromkeys(str(by(value)) for value in values or ()))
        raise Conflict(f"{message}; possible now: {', '.join(others) or 'none'}")
    if len(names) > 1:
        preferred = next((value for word in (present, *usual) for value in found if _same(by(value), word)), None)
        if preferred is None:
            text = ", ".join(names)
            raise Conflict(f"there are several: {text}; name one by status_name", fields={"status_name": f"one of {text}"})
        return preferred
    return found[0]


def _same(name: object, wanted: str | None) -> bool:
    return isinstance(name, str) and wanted is not None and name.casefold() == wanted.casefold()
