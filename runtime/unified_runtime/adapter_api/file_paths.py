"""File paths in requests, such as `/Reports/2026/May.pdf`: folder, name, and checks of their segments."""

from __future__ import annotations

from typing import Any

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.symbols import Symbol


def folder(path: Any) -> Any:
    """Return the part of a path before the last `/`; an empty string for a path at the root."""
    return Symbol(f"{str(path)[1:-1]}:folder") if isinstance(path, Symbol) else path.rpartition("/")[0]


def name(path: Any) -> Any:
    """Return the part of a path after the last `/`."""
    return Symbol(f"{str(path)[1:-1]}:name") if isinstance(path, Symbol) else path.rpartition("/")[2]


def digits(value: Any) -> str:
    """Return only the digits of a value: the format of timestamps in URLs."""
    return "".join(filter(str.isdigit, str(value)))


def segment(given: str, field: str, vendor: str) -> str:
    """Return one segment of a path from a caller, after checking it.

    Raises:
        InvalidInput: it would lead elsewhere: it is empty, has a `/`, or is `.` or `..`.
    """
    if given in ("", ".", "..") or "/" in given:
        requirement = "must not be empty, '.' or '..', nor hold '/'"
        raise InvalidInput(f"{field} {requirement}: {vendor} would resolve {given[:60]!r} to another location", fields={field: requirement})
    return given
