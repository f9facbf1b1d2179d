"""The vault as a source of connections for clients: read when they are first needed, then kept in memory for a while.

What an owner has is read at once and kept for `fresh_for` seconds, so that a call pays for two look-ups in mappings. Within that time
another process's changes are not noticed, with two exceptions: a credential that the vendor refuses, or that is about to expire, is looked
up anew; and what this process writes through the same vault object is seen at once.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from unified_platform.vault.errors import VaultDamaged, VaultError
from unified_platform.vault.records import ConnectionRecord, Damage, Kind, Place, Status
from unified_runtime.connections import Connection
from unified_runtime.credentials import Credential, Prover, api_key, basic, bearer
from unified_runtime.errors import InvalidInput, NotConnected, UnifiedError
from unified_runtime.sources import Owner
from unified_runtime.vendors import load

if TYPE_CHECKING:
    from unified_platform.vault.interface import Refresher
    from unified_platform.vault.sealed import SealedVault

FRESH = 30.0
"""Seconds for which what was read is kept."""

_EMPTY = 1.0
"""Seconds for which it is kept that an owner has nothing: whoever connects next wants to be seen."""

_MOST = 4096
"""Owners that are remembered at the same time."""

_AGAIN = 5.0
"""Seconds to the next try when a token that still holds could not be refreshed ahead of its expiry."""


class _Shelf(NamedTuple):
    """What an owner has, by vendor: the user's own and the team's."""

    until: float
    own: Mapping[str, tuple[ConnectionRecord | Damage, ...]]
    shared: Mapping[str, tuple[ConnectionRecord | Damage, ...]]
    chosen: dict[tuple[str, str | None], Connection]


class VaultSource:
    """Offers the connections of a vault to clients, and renews their credentials: `Client(vault=VaultSource(vault))`.

    Args:
        vault: whose connections.
        refresher: makes OAuth tokens anew; by default a `TokenRefresher`, made when the first token is met.
        fresh_for: seconds for which what was read is kept.
    """

    def __init__(self, vault: SealedVault, refresher: Refresher | None = None, *, fresh_for: float = FRESH) -> None:
        self._vault = vault
        self._refresher = refresher
        self._fresh_for = fresh_for
        self._shelves: dict[Owner, _Shelf] = {}
        self._latest: dict[str, Connection] = {}
        self._refreshed: set[str] = set()
        """Ids of connections whose credential the refresher renews; the others' is looked up."""
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
            shared: Mapping[str, tuple[ConnectionRecord | Damage, ...]] = {}
            if owner.user is not None or owner.team is None:
                own = self._read("user" if owner.user is not None else "", owner.user or "")
            else:
                own = {}
            if owner.team is not None:
                shared = self._read("team", owner.team)
            if len(self._shelves) >= _MOST:
                self._make_room()
            self._shelves[owner] = _Shelf(now + (self._fresh_for if own or shared else min(_EMPTY, self._fresh_for)), own, shared, {})

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
        """Read everything anew when it is next needed."""
        self._shelves = {}

    def _make_room(self) -> None:
        """Forget what is old, or else half of what there is: a process may serve more users than it should remember."""
        by_age = sorted(self._shelves.items(), key=lambda item: item[1].until)
        now = time.monotonic()
        kept = [item for item in by_age if item[1].until > now][-_MOST // 2 :]
        self._shelves = dict(kept)
        self._latest = {one.id: one for _, shelf in kept for one in shelf.chosen.values() if one.id is not None}
        self._refreshed &= set(self._latest)

    def _read(self, kind: str, owner: str) -> dict[str, tuple[ConnectionRecord | Damage, ...]]:
        found = self._vault.matching({"owner_kind": kind, "owner": owner})
        by_vendor: dict[str, tuple[ConnectionRecord | Damage, ...]] = {}
        every: tuple[ConnectionRecord | Damage, ...] = (*found.records, *found.damaged)
        for one in every:
            by_vendor[one.place.vendor] = (*by_vendor.get(one.place.vendor, ()), one)
        return by_vendor

    def _chosen(self, shelf: _Shelf, vendor: str, name: str | None) -> list[Connection | UnifiedError]:
        """The connection to a vendor, or why there is none that can be used; nothing if there is none at all."""
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

    def _connection(self, record: ConnectionRecord | Damage | UnifiedError) -> Connection:
        """The connection of a record: the one that was made of this version, or a new one."""
        if isinstance(record, UnifiedError):
            raise record
        if isinstance(record, Damage):
            raise VaultDamaged(f"the connection to {record.place} is damaged: {record.what}", connection_id=record.connection_id)
        if record.status is not Status.ACTIVE:
            raise not_active(record)
        known = self._latest.get(record.id)
        if known is not None and known.version >= record.version:
            return known
        made = connection_of(record)
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
            from unified_platform.oauth.refreshing import TokenRefresher  # who has API keys alone does not pay for it

            self._refresher = TokenRefresher()
        return self._refresher

    def _newer(self, connection: Connection) -> Connection | None:
        """A connection that another thread has renewed meanwhile."""
        latest = self._latest.get(connection.id or "")
        return latest if latest is not None and latest.version > connection.version and latest.renew_at > time.time() else None

    def _renewed(self, connection: Connection, record: ConnectionRecord) -> Connection:
        if record.version == connection.version:
            if connection.renew_at < math.inf:
                again = time.time() + _AGAIN
                # Not later than it ends: others may have renewed it by then.
                connection.renew_at = again if record.expires_at is None else min(again, record.expires_at)
            return connection
        self._changed(record.place)
        return self._connection(record)

    def _changed(self, place: Place) -> None:
        """Read an owner's connections anew when they are next needed."""
        stale = [owner for owner in (*self._shelves,) if place.user == owner.user or (place.team is not None and place.team == owner.team)]
        for owner in stale:
            self._shelves.pop(owner, None)


def _pick(found: tuple[ConnectionRecord | Damage, ...], vendor: str, name: str | None) -> ConnectionRecord | Damage | UnifiedError | None:
    """Of an owner's connections to a vendor the one of that name; without a name the only one, else the default."""
    if name is not None:
        return next((one for one in found if one.place.name == name), None)
    # One that was revoked stands for nothing while there is another.
    candidates = [one for one in found if isinstance(one, Damage) or one.status is not Status.REVOKED] or list(found)
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    preferred = max(candidates, key=lambda one: one.preferred_at if isinstance(one, ConnectionRecord) else 0.0)
    if isinstance(preferred, ConnectionRecord) and preferred.preferred_at:
        return preferred
    default = next((one for one in candidates if one.place.name == "default"), None)
    names = " or ".join(f"connection={one.place.name!r}" for one in candidates)
    return default or InvalidInput(f"there are several connections to {vendor}, say which: acting({names})", vendor=vendor)


def not_active(record: ConnectionRecord) -> NotConnected:
    """The error for a connection that only its user can mend, with how to."""
    place = record.place
    what = "was revoked" if record.status is Status.REVOKED else "needs its user again"
    return NotConnected(
        f"the connection to {place} {what}{f': {record.reason}' if record.reason else ''}. Connect it with: {how_to_connect(place)}",
        vendor=place.vendor,
    )


def how_to_connect(place: Place) -> str:
    """The command that connects a place."""
    options = [
        f"--{option} {value!r}" for option, value in (("user", place.user), ("team", place.team), ("name", place.name)) if value is not None
    ]
    return " ".join(["unified connect", place.vendor, *(one for one in options if one != "--name 'default'")])


def connection_of(record: ConnectionRecord) -> Connection:
    """The connection that calls go through, of what the vault keeps.

    Raises:
        InvalidInput: the vendor or its scheme is not in the catalog any more, or wants something that the record lacks.
        VaultError: the record lacks its secrets.
    """
    place = record.place
    return Connection(
        load(place.vendor),
        _credential(record),
        record.values,
        user=place.user,
        team=place.team,
        name=place.name,
        scheme=record.scheme,
        server=record.server,
        account_id=record.account_id,
        id=record.id,
        version=record.version,
    )


def _prover(record: ConnectionRecord) -> Prover | None:
    """What proves that the key is held to which the record's tokens are bound."""
    if "dpop_key" not in record.secrets:
        return None
    from unified_platform.oauth import keeping  # few tokens are bound

    return keeping.prover_of(record)


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
    raise VaultError(f"the connection to {record.place} holds no credential: connect it again", vendor=record.place.vendor)
