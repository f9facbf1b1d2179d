"""What can be wrong with a database. Part of the error tree, since a call that needs one meets it too."""

from __future__ import annotations

from dataclasses import dataclass

from unified_runtime.errors import UnifiedError


class StoreError(UnifiedError):
    """A database could not do what it was asked to. Nothing was changed."""


class StoreUnavailable(StoreError):
    """A database cannot be reached or written: no such file, no permission, no space, no answer."""


class StoreDamaged(StoreError):
    """What is stored was altered or broken since it was written."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds, as errors about it say: its name (`the vault`), and their classes."""

    name: str
    error: type[StoreError] = StoreError
    unavailable: type[StoreUnavailable] = StoreUnavailable
    damaged: type[StoreDamaged] = StoreDamaged
