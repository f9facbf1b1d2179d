"""What can be wrong with a vault. Part of the error tree, since a call that needs a connection meets it too."""

from __future__ import annotations

from unified_platform.store.errors import Contents, StoreDamaged, StoreError, StoreUnavailable


class VaultError(StoreError):
    """The vault could not do what it was asked to. Nothing was changed."""


class VaultUnavailable(VaultError, StoreUnavailable):
    """The vault's database or key source cannot be reached or written: no such file, no permission, no space, no answer."""


class VaultKeyError(VaultError):
    """The key is not this vault's, is missing or malformed, or its source cannot be trusted."""


class VaultDamaged(VaultError, StoreDamaged):
    """What is stored was altered, moved, rolled back or broken since it was written. `connection_id` is whose, None where it is more."""

    def __init__(self, message: str, *, connection_id: str | None = None) -> None:
        super().__init__(message)
        self.connection_id = connection_id


class VersionConflict(VaultError):
    """The record is not of the version that was expected: another process has changed it. Read it again."""


CONTENTS = Contents("the vault", VaultError, VaultUnavailable, VaultDamaged)
