"""Refreshing: ahead of expiry, once after a 401, by one holder at a time among all threads, processes and hosts.

The order is what keeps connections: under the lease the record is read again; the refresh token is used; the answer is stored; only
then is its access token given to anyone. A process that dies before the request has changed nothing, one that dies after the store has
lost nothing. In between, the new refresh token is known to nobody: then the old one is tried again, which servers that allow for this
accept (RFC 9700, section 4.14.2), and where it is refused, the user is told how to connect again.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import math
import threading
import time
from dataclasses import replace
from typing import Any

from unified_platform.oauth import apps, declared, grants, keeping
from unified_platform.oauth.apps import Apps
from unified_platform.oauth.declared import Declaration
from unified_platform.oauth.errors import InvalidGrant, Refused
from unified_platform.oauth.tokens import Tokens, expired
from unified_platform.vault.errors import VaultUnavailable, VersionConflict
from unified_platform.vault.interface import Vault
from unified_platform.vault.records import ConnectionRecord, Kind, Status
from unified_platform.vault.source import not_active
from unified_runtime import Client
from unified_runtime.driving.driver import Flow
from unified_runtime.errors import NotConnected, RateLimited, Unavailable, UnifiedError
from unified_runtime.vendors import Vendor, load

LEASE_SECONDS = 45.0
"""Longer than a token request with its repetitions may take (`http.SETTINGS.deadline`, twice where a DPoP nonce is wanted)."""

SKEW = 60.0
"""Seconds before its expiry that a token is refreshed, at most a quarter of its lifetime."""

_STORE_PAUSES = (0.05, 0.2, 0.5, 1.0, 2.0)
"""Seconds between attempts to store new tokens: they cannot be asked for again."""


class TokenRefresher:
    """Makes the tokens of OAuth connections anew; see `unified_platform.vault.interface.Refresher`.

    Args:
        clients: which OAuth client the application is; the environment's by default, else the one a record was made with.
        transport: as for `Client`.
        lease_seconds: how long one refresh may hold the connection; after a crash, others wait for so long.
        declarations: how vendors' users connect; the compiled catalog's by default.
    """

    def __init__(
        self,
        *,
        clients: Apps = apps.from_environment,
        transport: Any = None,
        lease_seconds: float = LEASE_SECONDS,
        declarations: Any = None,
    ) -> None:
        self._clients = clients
        self._client = Client(transport)
        self._lease_seconds = lease_seconds
        self._declared = declarations if declarations is not None else declared.of
        self._unstored: dict[str, tuple[Tokens, float, int]] = {}
        self._running: dict[tuple[object, ...], asyncio.Task[ConnectionRecord]] = {}
        self._lock = threading.Lock()

    def renew_at(self, record: ConnectionRecord) -> float:
        """When to refresh ahead of expiry, in seconds since 1970; `inf` for tokens that do not expire."""
        if record.kind is not Kind.OAUTH or record.expires_at is None:
            return math.inf
        lifetime = float(record.details.get(keeping.LIFETIME, 4 * SKEW))
        return record.expires_at - min(SKEW, lifetime / 4)

    def refresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        """The connection with tokens that can be used; see `Refresher.refresh`.

        Raises:
            NotConnected: only the user can mend it: says how to connect again.
            Unavailable, RateLimited: it could not be refreshed for a passing reason.
        """
        record = vault.get(connection_id)
        if self._usable(record, seen, rejected=rejected):
            return record
        if not rejected and not expired(record.expires_at):
            # The token is still good: whoever holds the lease will have refreshed it before it is not.
            held = vault.try_lease(connection_id, self._lease_seconds)
            if held is None:
                return record
        else:
            held = vault.lease(connection_id, self._lease_seconds, wait=self._lease_seconds + 5)
        with held:
            record = vault.get(connection_id)
            if self._usable(record, seen, rejected=rejected):
                return record
            return self._refreshed(vault, record, rejected=rejected)

    async def arefresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        """The same in a thread, which goes on when the caller is cancelled: an answer must not be lost on its way to the vault.

        Tasks that want the same wait for one thread: were each to take one, a lease that a dead process holds would use up the pool.
        """
        loop = asyncio.get_running_loop()
        wanted = (id(loop), id(vault), connection_id, seen, rejected)
        running = self._running.get(wanted)
        if running is None:
            running = loop.create_task(asyncio.to_thread(self.refresh, vault, connection_id, seen, rejected=rejected))
            self._running[wanted] = running
            running.add_done_callback(lambda done: self._done(wanted, done))
        try:
            return await asyncio.shield(running)
        except UnifiedError as error:
            own = copy.copy(error)  # each call tells its own what it was doing
        raise own

    def _done(self, wanted: tuple[object, ...], task: asyncio.Task[ConnectionRecord]) -> None:
        self._running.pop(wanted, None)
        if not task.cancelled():
            task.exception()  # it may be that nobody waits for it any more

    def _usable(self, record: ConnectionRecord, seen: int, *, rejected: bool) -> bool:
        """Whether the record needs no refresh, somebody else's being enough.

        Raises:
            NotConnected: it needs the user.
        """
        if record.status is not Status.ACTIVE:
            raise not_active(record)
        if keeping.since(record) > seen:
            return time.time() < self.renew_at(record)
        return not rejected and time.time() < self.renew_at(record)

    def _refreshed(self, vault: Vault, record: ConnectionRecord, *, rejected: bool) -> ConnectionRecord:
        with self._lock:
            kept = self._unstored.get(record.id)
        if kept is not None and kept[2] == keeping.since(record):
            return self._store(vault, record, kept[0], kept[1])
        if _grant(record) == "refresh_token" and keeping.REFRESH not in record.secrets:
            if rejected and not expired(record.expires_at):
                return record  # there is nothing to refresh with: the vendor's 401 is the answer
            raise self._ended(vault, record, "its access token has expired, and the vendor gave no refresh token")
        asked_at = time.time()
        try:
            tokens = self._client.perform(self._flow(record))
        except InvalidGrant as error:
            current = vault.get(record.id)
            if current.version != record.version:  # a lease that ran out, or a user who was quicker
                return current
            raise self._ended(vault, record, f"{_title(record)} no longer accepts it: {error.message}") from None
        except (Unavailable, RateLimited):
            if not rejected and not expired(record.expires_at):
                return record
            raise
        except Refused as error:
            error.vendor = record.place.vendor
            raise
        return self._store(vault, record, tokens, asked_at)

    def _flow(self, record: ConnectionRecord) -> Flow[Tokens]:
        vendor = load(record.place.vendor)
        declaration: Declaration = self._declared(vendor)
        server = yield from declaration.server(record.values)
        dialect = declaration.dialect(record.values)
        prover = keeping.prover_of(record)
        if _grant(record) == "jwt_bearer":
            details = record.details
            return (
                yield from grants.jwt_bearer(
                    server,
                    record.secrets[keeping.SIGNING_KEY],
                    issuer=details["issuer"],
                    key_id=details.get("key_id"),
                    subject=details.get("subject"),
                    scopes=record.scopes,
                )
            )
        if dialect.renewal is not None:
            return (yield from grants.renewal(dialect.renewal, record.secrets[keeping.REFRESH], dialect))
        client = keeping.client_of(record, self._clients(vendor.name, declaration))
        if _grant(record) == "client_credentials":
            return (yield from grants.client_credentials(server, client, scopes=record.scopes or None, dialect=dialect, prover=prover))
        return (yield from grants.refresh(server, client, record.secrets[keeping.REFRESH], dialect=dialect, prover=prover))

    def _store(self, vault: Vault, record: ConnectionRecord, tokens: Tokens, asked_at: float) -> ConnectionRecord:
        """Put new tokens into the vault, over whatever else was changed meanwhile; kept in memory until that has worked.

        Raises:
            VaultUnavailable: it does not work. The next refresh of this process stores them first.
        """
        used = record.secrets.get(keeping.REFRESH)
        with self._lock:
            self._unstored[record.id] = (tokens, asked_at, keeping.since(record))
        for pause in (*_STORE_PAUSES, None):
            try:
                stored = vault.compare_and_swap(keeping.renewed(record, tokens, asked_at), record.version)
            except VersionConflict:
                record = vault.get(record.id)
                if record.secrets.get(keeping.REFRESH) != used or record.status is not Status.ACTIVE:
                    stored = record  # the user has connected again: those tokens are the newer ones
                else:
                    continue
            except VaultUnavailable:
                if pause is None:
                    raise
                time.sleep(pause)
                continue
            with self._lock:
                self._unstored.pop(record.id, None)
            return stored
        raise VaultUnavailable(f"the new tokens of {record.place} could not be stored: the record changes all the time")

    def _ended(self, vault: Vault, record: ConnectionRecord, reason: str) -> NotConnected:
        """Mark the connection as needing the user, unless somebody has changed it meanwhile."""
        ended = replace(record, status=Status.NEEDS_USER, reason=reason)
        with contextlib.suppress(VersionConflict):
            vault.compare_and_swap(ended, record.version)
        return not_active(ended)


def _grant(record: ConnectionRecord) -> str:
    return record.details.get(keeping.GRANT, "refresh_token")


def _title(record: ConnectionRecord) -> str:
    vendor: Vendor = load(record.place.vendor)
    return vendor.title
