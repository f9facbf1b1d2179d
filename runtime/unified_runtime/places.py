"""Places that a request names by a path, such as `/Reports/2026/May.pdf`."""

from __future__ import annotations

from typing import Any

from unified_runtime.errors import InvalidInput
from unified_runtime.symbols import Symbol


def folder(path: Any) -> Any:
    """What stands before the last `/` of a path; an empty text for a path at the root."""
    return Symbol(f"{str(path)[1:-1]}:folder") if isinstance(path, Symbol) else path.rpartition("/")[0]


def name(path: Any) -> Any:
    """What stands behind the last `/` of a path."""
    return Symbol(f"{str(path)[1:-1]}:name") if isinstance(path, Symbol) else path.rpartition("/")[2]


def digits(value: Any) -> str:
    """The digits of a value alone, as addresses write a moment."""
    return "".join(filter(str.isdigit, str(value)))


def step(given: str, field: str, vendor: str) -> str:
    """One step of a path, as a caller gave it.

    Raises:
        InvalidInput: it would lead elsewhere: it is empty, holds `/`, or is `.` or `..`.
    """
    if given in ("", ".", "..") or "/" in given:
        told = "must not be empty, '.' or '..', nor hold '/'"
        raise InvalidInput(f"{field} {told}: {vendor} would look for {given[:60]!r} elsewhere", fields={field: told})
    return given
