"""Vault: encrypted store of connections and their secrets.

from unified_platform.vault import open_vault

vault = open_vault()
client = unified.Client(vault=vault.source())
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unified_platform.common.extras import require_extra

if TYPE_CHECKING:
    from unified_platform.connections.errors import VaultDamaged as VaultDamaged
    from unified_platform.connections.errors import VaultError as VaultError
    from unified_platform.connections.errors import VaultKeyError as VaultKeyError
    from unified_platform.connections.errors import VaultUnavailable as VaultUnavailable
    from unified_platform.connections.errors import VersionConflict as VersionConflict
    from unified_platform.connections.records import ConnectionKey as ConnectionKey
    from unified_platform.connections.records import ConnectionRecord as ConnectionRecord
    from unified_platform.connections.records import Kind as Kind
    from unified_platform.connections.records import Pending as Pending
    from unified_platform.connections.records import Status as Status
    from unified_platform.connections.records import new_id as new_id
    from unified_platform.vault.opening import open_vault as open_vault
    from unified_platform.vault.sealed_vault import SealedVault as SealedVault
    from unified_platform.vault.source import VaultSource as VaultSource

_CONNECTIONS = {
    "ConnectionRecord": "records",
    "Kind": "records",
    "Pending": "records",
    "ConnectionKey": "records",
    "Status": "records",
    "VaultDamaged": "errors",
    "VaultError": "errors",
    "VaultKeyError": "errors",
    "VaultUnavailable": "errors",
    "VersionConflict": "errors",
    "new_id": "records",
}
_VAULT = {"SealedVault": "sealed_vault", "VaultSource": "source", "open_vault": "opening"}

__all__ = sorted((*_CONNECTIONS, *_VAULT))


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _CONNECTIONS:
        return getattr(import_module(f"unified_platform.connections.{_CONNECTIONS[name]}"), name)
    if name not in _VAULT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require_extra("cryptography", "vault", "the vault")
    return getattr(import_module(f"{__name__}.{_VAULT[name]}"), name)
