"""Protocols of a vault, its leases and pending store, and of the token refresher it calls.

All methods are synchronous and safe to share between threads; async code calls them through `asyncio.to_thread`. A vault is that of
one tenant: no call can reach another's connections.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from unified_platform.connections.records import ConnectionKey, ConnectionList, ConnectionRecord, Pending
from unified_runtime.core.connection_sources import CursorKeys
from unified_runtime.core.credentials import Secret


class Lease(Protocol):
    """Exclusive right to refresh one connection for some seconds, among all threads, processes and hosts.

    The lease itself does not prevent a late holder from overwriting: `Vault.compare_and_swap` does, with the version that was read under
    the lease (fencing). The seconds must exceed the longest token request, or two holders may use one refresh token.
    """

    @property
    def connection_id(self) -> str: ...

    def left(self) -> float:
        """Return the seconds until it ends; 0 if it has ended."""
        ...


class Vault(Protocol):
    """Connections of one tenant.

    Every method raises `VaultUnavailable` if the database cannot be reached or written, `VaultKeyError` if the key is not this
    vault's, and `VaultDamaged` if the data it needs was altered; then nothing was changed.
    """

    @property
    def tenant(self) -> str: ...

    @property
    def pending(self) -> PendingStore: ...

    def get(self, connection_id: str) -> ConnectionRecord:
        """Return the current record.

        Raises:
            NotConnected: there is none with this id.
        """
        ...

    def find(self, key: ConnectionKey) -> ConnectionRecord | None:
        """Return the record with this key; None if there is none."""
        ...

    def list(self, *, vendor: str | None = None, user: str | None = None, team: str | None = None) -> ConnectionList:
        """Return all records, or those of a vendor, a user or a team."""
        ...

    def put(self, record: ConnectionRecord) -> ConnectionRecord:
        """Store a record, replacing any with its key, and return it as stored.

        A replaced record gives its id and its time of creation to the new one, which stays the default if it was; its version continues.
        """
        ...

    def compare_and_swap(self, record: ConnectionRecord, expected_version: int) -> ConnectionRecord:
        """Store a record if the stored one is of `expected_version` (0: if there is none), and return it as stored.

        When it returns, the record is on disk: a rotated refresh token may be used from then on.

        Raises:
            VersionConflict: it has another version. Nothing was changed.
        """
        ...

    def delete(self, connection_id: str, expected_version: int | None = None) -> None:
        """Delete a record. If it does not exist, this has no effect.

        Raises:
            VersionConflict: its version is not the expected one. Nothing was changed.
        """
        ...

    def try_lease(self, connection_id: str, seconds: float) -> AbstractContextManager[Lease] | None:
        """Return the lease of a connection, to be entered with `with`; None while another holds it. The block's end releases it."""
        ...

    def lease(self, connection_id: str, seconds: float, *, wait: float) -> AbstractContextManager[Lease]:
        """Return the lease of a connection, after waiting for up to `wait` seconds while others hold it.

        Raises (on entering):
            VaultUnavailable: another still holds it.
        """
        ...


class WatchedVault(Vault, Protocol):
    """A vault whose connections a source caches: it reports changes and holds the keys of cursors."""

    @property
    def cursor_keys(self) -> CursorKeys: ...

    def matching(self, conditions: dict[str, str]) -> ConnectionList:
        """Return the connections with these values in the unencrypted columns."""
        ...

    def watch(self, changed: Callable[[ConnectionKey], None]) -> None:
        """Call a method with the key of each connection that this object writes or deletes, as long as the method's object lives."""
        ...


class PendingStore(Protocol):
    """Pending authorizations of one tenant: sealed, usable once, with an expiry."""

    def put(self, pending: Pending) -> None:
        """Store it under its state.

        Raises:
            StateUsed: there is one with this state already.
        """
        ...

    def take(self, state: Secret) -> Pending | None:
        """Remove and return the authorization with this state; None if there is none, it was used before, or it has expired.

        Of several concurrent calls, one gets it.
        """
        ...


class Refresher(Protocol):
    """Refreshes tokens of OAuth connections. Implemented by the `oauth` package, called by the vault's connection source."""

    def renew_at(self, record: ConnectionRecord) -> float:
        """Return the time to refresh the record ahead of its expiry, in seconds since 1970; `inf` for never."""
        ...

    def refresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        """Return the connection with usable tokens, stored before they are returned.

        Args:
            seen: version of the caller's record. If the vault has a later one that can be used, that is returned.
            rejected: the vendor responded 401 to the access token of version `seen`; otherwise it is about to expire. Then, if the refresh
                fails temporarily and the token has not expired yet, the record is returned unchanged.

        Raises:
            NotConnected: only the user can fix it; the record then has the status `needs_user`.
            Unavailable: the refresh failed temporarily.
        """
        ...

    async def arefresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        """Return the connection with usable tokens, for async code; see `refresh`."""
        ...
