"""Errors of a vault; part of the error tree of calls, since calls need connections."""

from __future__ import annotations

from unified_platform.store.errors import Contents, StoreDamaged, StoreError, StoreUnavailable


class VaultError(StoreError):
    """A vault operation failed. Nothing was changed."""


class VaultUnavailable(VaultError, StoreUnavailable):
    """The vault's database or key source cannot be reached or written: no such file, no permission, no space, no response."""


class VaultKeyError(VaultError):
    """The key is not this vault's, is missing or malformed, or its source cannot be trusted."""


class VaultDamaged(VaultError, StoreDamaged):
    """Stored data was altered, moved, rolled back or broken. `connection_id` is the damaged connection, None if more is damaged."""

    def __init__(self, message: str, *, connection_id: str | None = None) -> None:
        super().__init__(message)
        self.connection_id = connection_id


class VersionConflict(VaultError):
    """The record does not have the expected version: another process has changed it. Read it again."""


class StateUsed(VaultError):
    """A pending authorization with this state is stored already."""


CONTENTS = Contents("the vault", VaultError, VaultUnavailable, VaultDamaged)
