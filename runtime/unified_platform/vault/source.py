"""Connection source for clients over a vault: reads connections when needed, and caches them.

All connections of an owner are read at once and cached for `fresh_for` seconds, so that a call costs two look-ups in mappings. Within
that time, changes by other processes are not noticed, with two exceptions: a credential that the vendor rejects, or that is about to
expire, is read again. Changes by this process through the same vault object are seen at once.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from unified_platform.connections.errors import VaultDamaged, VaultError
from unified_platform.connections.protocols import Refresher, WatchedVault
from unified_platform.connections.records import ConnectionKey, ConnectionRecord, DamagedConnection, Kind, Status, inactive_error
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import Credential, Prover, api_key, basic, bearer
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.owners import Owner
from unified_runtime.toolkits.vendor_lookup import load_vendor

if TYPE_CHECKING:
    from unified_runtime.core.connection_sources import ConnectLink

FRESH = 30.0
"""Seconds for which connections are cached."""

_EMPTY = 1.0
"""Seconds for which the absence of connections is cached: a new connection should be seen soon."""

_MOST = 4096
"""Maximum number of cached owners."""

_AGAIN = 5.0
"""Seconds to the next attempt if a token that is still valid could not be refreshed ahead of its expiry."""


class _OwnerCache(NamedTuple):
    """Connections of an owner by vendor: the user's own and the team's."""

    until: float
    own: Mapping[str, tuple[ConnectionRecord | DamagedConnection, ...]]
    shared: Mapping[str, tuple[ConnectionRecord | DamagedConnection, ...]]
    chosen: dict[tuple[str, str | None], Connection]


class VaultSource:
    """Connection source for clients, which also refreshes credentials: `Client(vault=VaultSource(vault))`.

    Args:
        vault: vault of the connections.
        refresher: refreshes OAuth tokens; by default a `TokenRefresher`, created for the first token.
        fresh_for: seconds for which connections are cached.
        connect_link: returns a URL with which an owner connects a vendor, for errors of missing connections; see `unified_platform.web`.
    """

    def __init__(
        self,
        vault: WatchedVault,
        refresher: Refresher | None = None,
        *,
        fresh_for: float = FRESH,
        connect_link: ConnectLink | None = None,
    ) -> None:
        self._vault = vault
        self.connect_link = connect_link
        self.tenant = vault.tenant
        self.cursor_keys = vault.cursor_keys
        self._refresher = refresher
        self._fresh_for = fresh_for
        self._shelves: dict[Owner, _OwnerCache] = {}
        self._latest: dict[str, Connection] = {}
        self._refreshed: set[str] = set()
        """Ids of connections whose credential is refreshed by the refresher; others' credentials are read again."""
        self._lock = threading.Lock()
        vault.watch(self._changed)

    def __repr__(self) -> str:
        return f"VaultSource({self._vault!r})"

    # ------------------------------------------------------------------------------------------------ finding
    def warm(self, owner: Owner) -> bool:
        shelf = self._shelves.get(owner)
        return shelf is not None and shelf.until > time.monotonic()

    def load(self, owner: Owner) -> None:
        with self._lock:
            if self.warm(owner):
                return  # another thread has done it meanwhile
            now = time.monotonic()
            shared: Mapping[str, tuple[ConnectionRecord | DamagedConnection, ...]] = {}
            if owner.user is not None or owner.team is None:
                own = self._read("user" if owner.user is not None else "", owner.user or "")
            else:
                own = {}
            if owner.team is not None:
                shared = self._read("team", owner.team)
            if len(self._shelves) >= _MOST:
                self._make_room()
            self._shelves[owner] = _OwnerCache(now + (self._fresh_for if own or shared else min(_EMPTY, self._fresh_for)), own, shared, {})

    def choose(self, vendors: Mapping[str, str], owner: Owner, name: str | None) -> tuple[Connection | UnifiedError, ...]:
        shelf = self._shelves.get(owner)
        if shelf is None:
            return ()
        found: list[Connection | UnifiedError] = []
        connected = shelf.own.keys() | shelf.shared.keys()
        for vendor in filter(connected.__contains__, vendors):  # few of many, in their order
            connection = shelf.chosen.get((vendor, name))
            if connection is not None:
                found.append(connection)
            else:
                found += self._chosen(shelf, vendor, name)
        return tuple(found)

    def forget(self) -> None:
        """Drop the cache: connections are read again when they are next needed."""
        self._shelves = {}

    def _make_room(self) -> None:
        """Evict old entries, or else half of all: a process may serve more users than it should cache."""
        by_age = sorted(self._shelves.items(), key=lambda item: item[1].until)
        now = time.monotonic()
        saved = [item for item in by_age if item[1].until > now][-_MOST // 2 :]
        self._shelves = dict(saved)
        self._latest = {one.id: one for _, shelf in saved for one in shelf.chosen.values() if one.id is not None}
        self._refreshed &= set(self._latest)

    def _read(self, kind: str, owner: str) -> dict[str, tuple[ConnectionRecord | DamagedConnection, ...]]:
        found = self._vault.matching({"owner_kind": kind, "owner": owner})
        by_vendor: dict[str, tuple[ConnectionRecord | DamagedConnection, ...]] = {}
        every: tuple[ConnectionRecord | DamagedConnection, ...] = (*found.records, *found.damaged)
        for one in every:
            by_vendor[one.key.vendor] = (*by_vendor.get(one.key.vendor, ()), one)
        return by_vendor

    def _chosen(self, shelf: _OwnerCache, vendor: str, name: str | None) -> list[Connection | UnifiedError]:
        """Return the connection to a vendor, or the error if it cannot be used; an empty list if there is none."""
        found = _pick(shelf.own.get(vendor, ()), vendor, name)
        if found is None:
            found = _pick(shelf.shared.get(vendor, ()), vendor, name)
        if found is None:
            return []
        try:
            connection = self._connection(found)
        except UnifiedError as error:
            error.vendor = vendor
            return [error.with_traceback(None)]
        shelf.chosen[vendor, name] = connection
        return [connection]

    def _connection(self, record: ConnectionRecord | DamagedConnection | UnifiedError) -> Connection:
        """Return the connection of a record: the one that was made of this version, or a new one."""
        if isinstance(record, UnifiedError):
            raise record
        if isinstance(record, DamagedConnection):
            raise VaultDamaged(f"the connection to {record.key} is damaged: {record.what}", connection_id=record.connection_id)
        if record.status is not Status.ACTIVE:
            raise inactive_error(record)
        known = self._latest.get(record.id)
        if known is not None and known.version >= record.version:
            return known
        made = connection_of(record, self.tenant)
        made.renewal = self
        if record.kind is Kind.OAUTH:
            made.renew_at = self._refreshing().renew_at(record)
            self._refreshed.add(record.id)
        if known is not None and known.server == made.server:
            made.descriptions = known.descriptions
        self._latest[record.id] = made
        return made

    # ------------------------------------------------------------------------------------------------ renewing
    def renew(self, connection: Connection, *, rejected: bool) -> Connection:
        newer = self._newer(connection)
        if newer is not None:
            return newer
        assert connection.id is not None
        if connection.id in self._refreshed:
            return self._renewed(connection, self._refreshing().refresh(self._vault, connection.id, connection.version, rejected=rejected))
        return self._renewed(connection, self._vault.get(connection.id))

    async def arenew(self, connection: Connection, *, rejected: bool) -> Connection:
        import asyncio

        newer = self._newer(connection)
        if newer is not None:
            return newer
        assert connection.id is not None
        if connection.id in self._refreshed:
            record = await self._refreshing().arefresh(self._vault, connection.id, connection.version, rejected=rejected)
        else:
            record = await asyncio.to_thread(self._vault.get, connection.id)
        return self._renewed(connection, record)

    def _refreshing(self) -> Refresher:
        if self._refresher is None:
            from unified_platform.oauth.token_refresh import TokenRefresher

            self._refresher = TokenRefresher()
        return self._refresher

    def _newer(self, connection: Connection) -> Connection | None:
        """Return a connection that another thread has refreshed meanwhile; None if there is none."""
        latest = self._latest.get(connection.id or "")
        return latest if latest is not None and latest.version > connection.version and latest.renew_at > time.time() else None

    def _renewed(self, connection: Connection, record: ConnectionRecord) -> Connection:
        if record.version == connection.version:
            if connection.renew_at < math.inf:
                again = time.time() + _AGAIN
                # Not later than it expires: others may have refreshed it by then.
                connection.renew_at = again if record.expires_at is None else min(again, record.expires_at)
            return connection
        self._changed(record.key)
        return self._connection(record)

    def _changed(self, key: ConnectionKey) -> None:
        """Drop an owner's connections from the cache."""
        stale = [owner for owner in (*self._shelves,) if key.user == owner.user or (key.team is not None and key.team == owner.team)]
        for owner in stale:
            self._shelves.pop(owner, None)


def _pick(
    found: tuple[ConnectionRecord | DamagedConnection, ...], vendor: str, name: str | None
) -> ConnectionRecord | DamagedConnection | UnifiedError | None:
    """Return an owner's connection to a vendor with this name; without a name the only one, else the default."""
    if name is not None:
        return next((one for one in found if one.key.name == name), None)
    # Ignore a revoked connection if there is another.
    candidates = [one for one in found if isinstance(one, DamagedConnection) or one.status is not Status.REVOKED] or list(found)
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    preferred = max(candidates, key=lambda one: one.preferred_at if isinstance(one, ConnectionRecord) else 0.0)
    if isinstance(preferred, ConnectionRecord) and preferred.preferred_at:
        return preferred
    default = next((one for one in candidates if one.key.name == "default"), None)
    names = " or ".join(f"connection={one.key.name!r}" for one in candidates)
    return default or InvalidInput(f"there are several connections to {vendor}, choose one: acting({names})", vendor=vendor)


def connection_of(record: ConnectionRecord, tenant: str) -> Connection:
    """Return the connection for calls, from a record of a tenant's vault.

    Raises:
        InvalidInput: the vendor or its scheme is no longer in the catalog, or requires a value that the record lacks.
        VaultError: the record lacks its secrets.
    """
    key = record.key
    return Connection(
        load_vendor(key.vendor),
        _credential(record),
        record.values,
        user=key.user,
        team=key.team,
        name=key.name,
        scheme=record.scheme,
        server=record.server,
        account_id=record.account_id,
        account=record.account,
        exclusive=bool(record.exclusive),
        id=record.id,
        version=record.version,
        tenant=tenant,
    )


def _prover(record: ConnectionRecord) -> Prover | None:
    """Return the DPoP prover with the key that the record's tokens are bound to; None for bearer tokens."""
    if "dpop_key" not in record.secrets:
        return None
    from unified_platform.oauth import token_storage

    return token_storage.prover_of(record)


def _credential(record: ConnectionRecord) -> Credential:
    secrets = record.secrets
    if record.kind is Kind.OAUTH and "access_token" in secrets:
        return bearer(secrets["access_token"], prover=_prover(record))
    if record.kind is Kind.BEARER and "token" in secrets:
        return bearer(secrets["token"])
    if record.kind is Kind.BASIC and "password" in secrets and record.username is not None:
        return basic(record.username, secrets["password"])
    if record.kind is Kind.API_KEY and secrets:
        return api_key(**secrets)
    raise VaultError(f"the connection to {record.key} holds no credential: connect it again", vendor=record.key.vendor)
