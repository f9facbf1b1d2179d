"""Comparison of written values with read ones, and of records before and after a change."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def same(written: Any, read: Any) -> bool:
    """Return true if a read value is the written one. Texts are compared without surrounding space, objects by what was written."""
    if isinstance(written, str) and isinstance(read, str):
        return written.strip() == read.strip()
    if isinstance(written, Mapping):
        return all(same(value, _member(read, name)) for name, value in written.items())
    if isinstance(written, list):
        if not isinstance(read, list | tuple) or len(written) != len(read):
            return False
        return all(same(one, other) for one, other in zip(written, read, strict=True))
    if isinstance(written, bool) or isinstance(read, bool):
        return written is read
    if isinstance(written, int | float | Decimal) and isinstance(read, int | float | Decimal):
        return Decimal(str(written)) == Decimal(str(read))
    return bool(written == read)


def _member(read: Any, name: str) -> Any:
    return read.get(name) if isinstance(read, Mapping) else getattr(read, name, None)


def empty(read: Any) -> bool:
    """Return true if a field has no value: some vendors have an empty text, list or object instead of null."""
    if read is None or read == "" or read == [] or read == ():
        return True
    return hasattr(read, "model_dump") and all(empty(value) for value in read.model_dump().values())


def differences(before: Any, after: Any) -> list[str]:
    """Return the names of fields whose values differ in two records."""
    one, other = before.model_dump(), after.model_dump()
    return [name for name in one if one[name] != other.get(name)]
