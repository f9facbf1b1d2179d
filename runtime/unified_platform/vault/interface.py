"""What a vault offers, and what it asks of whoever refreshes tokens.

Everything here is synchronous and safe to share between threads; async code calls it through `asyncio.to_thread`. A vault is that of
one tenant: no call can reach another's connections.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Protocol

from unified_platform.vault.records import ConnectionRecord, Found, Pending, Place
from unified_runtime.credentials import Secret


class Lease(Protocol):
    """The right to refresh one connection, for some seconds, alone among all threads, processes and hosts.

    It is not what keeps a late holder from overwriting: that is `Vault.compare_and_swap` with the version that was read under the
    lease (fencing). The seconds must be more than a token request can take, or two holders may use one refresh token.
    """

    @property
    def connection_id(self) -> str: ...

    def left(self) -> float:
        """Seconds for which it still holds; 0 when it has run out."""
        ...


class Vault(Protocol):
    """The connections of one tenant.

    Every method raises `VaultUnavailable` where the database cannot be reached or written, `VaultKeyError` where the key is not this
    vault's, and `VaultDamaged` where what it needs was altered; then nothing was changed.
    """

    @property
    def tenant(self) -> str: ...

    @property
    def pending(self) -> PendingStore: ...

    def get(self, connection_id: str) -> ConnectionRecord:
        """The record as it now is.

        Raises:
            NotConnected: there is none of this id.
        """
        ...

    def find(self, place: Place) -> ConnectionRecord | None:
        """The record in a place; None if nothing stands there."""
        ...

    def list(self, *, vendor: str | None = None, user: str | None = None, team: str | None = None) -> Found:
        """All records, or those of a vendor, a user or a team."""
        ...

    def put(self, record: ConnectionRecord) -> ConnectionRecord:
        """Store a record whatever stands in its place, and return it as stored.

        What stands there gives its id and its time of creation to the new one, which stays the default if it was; its version counts on.
        """
        ...

    def compare_and_swap(self, record: ConnectionRecord, expected_version: int) -> ConnectionRecord:
        """Store a record if the stored one is of `expected_version` (0: if there is none), and return it as stored.

        When it returns, the record is on disk: a rotated refresh token may be used from then on.

        Raises:
            VersionConflict: it is of another version. Nothing was changed.
        """
        ...

    def delete(self, connection_id: str, expected_version: int | None = None) -> None:
        """Forget a record. One that does not exist is no error.

        Raises:
            VersionConflict: it is of another version than the one expected. Nothing was changed.
        """
        ...

    def try_lease(self, connection_id: str, seconds: float) -> AbstractContextManager[Lease] | None:
        """The lease of a connection, to be entered with `with`; None while another holds it. Leaving gives it back."""
        ...

    def lease(self, connection_id: str, seconds: float, *, wait: float) -> AbstractContextManager[Lease]:
        """The lease of a connection, after waiting for up to `wait` seconds while others hold it.

        Raises (on entering):
            VaultUnavailable: another still holds it.
        """
        ...

    def alease(self, connection_id: str, seconds: float, *, wait: float) -> AbstractAsyncContextManager[Lease]:
        """The same for `async with`; the event loop runs on meanwhile."""
        ...


class PendingStore(Protocol):
    """Started authorizations of one tenant: sealed, taken once, expiring."""

    def put(self, pending: Pending) -> None:
        """Keep it under its state.

        Raises:
            VaultError: something is kept under this state already.
        """
        ...

    def take(self, state: Secret) -> Pending | None:
        """Remove and return what is kept under the state; None if nothing is, it was taken before, or it has expired.

        Of several takers at the same time, one gets it.
        """
        ...


class Refresher(Protocol):
    """Makes the tokens of OAuth connections anew. Implemented by the OAuth side; the vault's credential source calls it."""

    def renew_at(self, record: ConnectionRecord) -> float:
        """When the record should be refreshed ahead of its expiry, in seconds since 1970; `inf` for never."""
        ...

    def refresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        """The connection with tokens that can be used, stored before they are returned.

        Args:
            seen: the version of the record that the caller has. If the vault holds a later one that can be used, that is it.
            rejected: the vendor answered 401 to the access token of version `seen`; otherwise it is about to expire. Then, if it cannot
                be refreshed for a passing reason and has not expired yet, the record as it is is the answer.

        Raises:
            NotConnected: only the user can mend it; the record says so too (`needs_user`).
            Unavailable: it could not be refreshed for a passing reason.
        """
        ...

    async def arefresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        """The same for async code."""
        ...
