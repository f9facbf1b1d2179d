"""The vault: connections and their secrets, encrypted at rest.

from unified_platform.vault import open_vault

vault = open_vault()
client = unified.Client(vault=vault.source())
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unified_platform.extras import extra

if TYPE_CHECKING:
    from unified_platform.vault.errors import VaultDamaged as VaultDamaged
    from unified_platform.vault.errors import VaultError as VaultError
    from unified_platform.vault.errors import VaultKeyError as VaultKeyError
    from unified_platform.vault.errors import VaultUnavailable as VaultUnavailable
    from unified_platform.vault.errors import VersionConflict as VersionConflict
    from unified_platform.vault.opening import open_vault as open_vault
    from unified_platform.vault.records import ConnectionRecord as ConnectionRecord
    from unified_platform.vault.records import Kind as Kind
    from unified_platform.vault.records import Pending as Pending
    from unified_platform.vault.records import Place as Place
    from unified_platform.vault.records import Status as Status
    from unified_platform.vault.records import new_id as new_id
    from unified_platform.vault.sealed import SealedVault as SealedVault
    from unified_platform.vault.source import VaultSource as VaultSource

_HOME = {
    "VaultDamaged": "errors",
    "VaultError": "errors",
    "VaultKeyError": "errors",
    "VaultUnavailable": "errors",
    "VersionConflict": "errors",
    "open_vault": "opening",
    "ConnectionRecord": "records",
    "Kind": "records",
    "Pending": "records",
    "Place": "records",
    "Status": "records",
    "SealedVault": "sealed",
    "new_id": "records",
    "VaultSource": "source",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    extra("cryptography", "vault", "the vault")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
