"""Errors of databases; part of the error tree of calls, since calls need databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unified_runtime.core.errors import Unavailable, UnifiedError


class StoreError(UnifiedError):
    """A database operation failed. Nothing was changed."""


class StoreUnavailable(StoreError, Unavailable):
    """A database cannot be reached or written: no such file, no permission, no space, no response.

    A call that needs it is not sent, so `retry_safe` is True, unless the call had sent something before. A client of a broker
    receives it as `Unavailable`, and repeats the request.
    """

    def __init__(self, message: str, *, retry_safe: bool = True, **context: Any) -> None:
        super().__init__(message, retry_safe=retry_safe, **context)


class StoreDamaged(StoreError):
    """Stored data was altered or broken since it was written."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Description of a database's contents for errors: name (`the vault`), and error classes."""

    name: str
    error: type[StoreError] = StoreError
    unavailable: type[StoreUnavailable] = StoreUnavailable
    damaged: type[StoreDamaged] = StoreDamaged
