"""Token refresh: ahead of expiry or once after a 401, by one lease holder at a time among all threads, processes and hosts.

The order prevents the loss of connections: under the lease, the record is read again, the refresh token is used, and the response is
stored; only then is its access token used. A process that dies before the request has changed nothing, and one that dies after storing
has lost nothing. In between, the new refresh token is lost. Then the old one is tried again, which servers that allow for this accept
(RFC 9700, section 4.14.2). If it is refused, the error explains how to connect again.
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

from unified_platform.connections.errors import VaultUnavailable, VersionConflict
from unified_platform.connections.protocols import Vault
from unified_platform.connections.records import ConnectionRecord, Kind, Status, inactive_error
from unified_platform.oauth import app_credentials, token_requests, token_revocation, token_storage
from unified_platform.oauth import declarations as declared
from unified_platform.oauth.app_credentials import AppLookup
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.errors import AuthorizationRefused, InvalidGrant
from unified_platform.oauth.tokens import Tokens, expired
from unified_runtime import Client
from unified_runtime.core.errors import NotConnected, RateLimited, Unavailable, UnifiedError
from unified_runtime.core.vendors import Vendor, load
from unified_runtime.execution.flows import Flow

LEASE_SECONDS = 45.0
"""Seconds; longer than a token request with its retries (`http.SETTINGS.deadline`, twice if a DPoP nonce is required)."""

SKEW = 60.0
"""Seconds before its expiry when a token is refreshed, at most a quarter of its lifetime."""

_STORE_PAUSES = (0.05, 0.2, 0.5, 1.0, 2.0)
"""Seconds between attempts to store new tokens: they cannot be requested again."""


class TokenRefresher:
    """Refreshes the tokens of OAuth connections; see `unified_platform.connections.protocols.Refresher`.

    Args:
        clients: lookup of the application's OAuth client; by default from the environment, else the client that the record was made with.
        transport: as for `Client`.
        lease_seconds: duration of the lease of one refresh; after a crash, others wait that long.
        declarations: OAuth declaration of a vendor; by default the compiled catalog's.
    """

    def __init__(
        self,
        *,
        clients: AppLookup = app_credentials.from_environment,
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
        """Return the time to refresh ahead of expiry, in seconds since 1970; `inf` for tokens that do not expire."""
        if record.kind is not Kind.OAUTH or record.expires_at is None:
            return math.inf
        lifetime = float(record.details.get(token_storage.LIFETIME, 4 * SKEW))
        return record.expires_at - min(SKEW, lifetime / 4)

    def refresh(self, vault: Vault, connection_id: str, seen: int, *, rejected: bool) -> ConnectionRecord:
        """Return the connection with usable tokens; see `Refresher.refresh`.

        Raises:
            NotConnected: only the user can fix it; the message explains how to connect again.
            Unavailable, RateLimited: the refresh failed temporarily.
        """
        record = vault.get(connection_id)
        if self._usable(record, seen, rejected=rejected):
            return record
        if not rejected and not expired(record.expires_at):
            # The token is still valid: the lease holder refreshes it before it expires.
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
        """Refresh as `refresh` does, in a thread that continues if the caller is cancelled: the response must reach the vault.

        Tasks that want the same refresh wait for one thread: one thread each would exhaust the pool while a dead process holds the lease.
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
            own = copy.copy(error)  # each call adds its own context to the error
        raise own

    def _done(self, wanted: tuple[object, ...], task: asyncio.Task[ConnectionRecord]) -> None:
        self._running.pop(wanted, None)
        if not task.cancelled():
            task.exception()  # the waiting callers may all have been cancelled

    def _usable(self, record: ConnectionRecord, seen: int, *, rejected: bool) -> bool:
        """Return whether the record needs no refresh, because its token is valid or was refreshed by another.

        Raises:
            NotConnected: only the user can fix it.
        """
        if record.status is not Status.ACTIVE:
            raise inactive_error(record)
        if token_storage.since(record) > seen:
            return time.time() < self.renew_at(record)
        return not rejected and time.time() < self.renew_at(record)

    def _refreshed(self, vault: Vault, record: ConnectionRecord, *, rejected: bool) -> ConnectionRecord:
        with self._lock:
            saved = self._unstored.get(record.id)
        if saved is not None and saved[2] == token_storage.since(record):
            return self._store(vault, record, saved[0], saved[1])
        if _grant(record) == "refresh_token" and token_storage.REFRESH not in record.secrets:
            if rejected and not expired(record.expires_at):
                return record  # there is no refresh token: the vendor's 401 is the result
            raise self._ended(vault, record, "its access token has expired, and the vendor gave no refresh token")
        requested_at = time.time()
        try:
            tokens = self._client.perform(self._flow(record))
        except InvalidGrant as error:
            current = vault.get(record.id)
            if current.version != record.version:  # a lease that ran out, or the user has reconnected
                return current
            raise self._ended(vault, record, f"{_title(record)} no longer accepts it: {error.message}") from None
        except (Unavailable, RateLimited):
            if not rejected and not expired(record.expires_at):
                return record
            raise
        except AuthorizationRefused as error:
            error.vendor = record.key.vendor
            raise
        stored = self._store(vault, record, tokens, requested_at)
        if stored.status is Status.REVOKED:
            # The connection was revoked during the request: revoke the tokens that the server has granted meanwhile.
            with contextlib.suppress(UnifiedError):
                self._client.perform(self._end(record, tokens))
            raise inactive_error(stored)
        return stored

    def _end(self, record: ConnectionRecord, tokens: Tokens) -> Flow[bool]:
        vendor = load(record.key.vendor)
        declaration: Declaration = self._declared(vendor)
        server = yield from declaration.server(record.values)
        if server.revocation_endpoint is None:
            return False
        client = token_storage.client_of(record, self._clients(vendor.name, declaration))
        token, hint = (tokens.access, token_storage.ACCESS) if tokens.refresh is None else (tokens.refresh, token_storage.REFRESH)
        return (yield from token_revocation.revoke(server, client, token, hint=hint))

    def _flow(self, record: ConnectionRecord) -> Flow[Tokens]:
        vendor = load(record.key.vendor)
        declaration: Declaration = self._declared(vendor)
        server = yield from declaration.server(record.values)
        dialect = declaration.dialect(record.values)
        prover = token_storage.prover_of(record)
        if _grant(record) == "jwt_bearer":
            details = record.details
            return (
                yield from token_requests.jwt_bearer(
                    server,
                    record.secrets[token_storage.SIGNING_KEY],
                    issuer=details["issuer"],
                    key_id=details.get("key_id"),
                    subject=details.get("subject"),
                    scopes=record.scopes,
                )
            )
        if dialect.renewal is not None:
            return (yield from token_requests.renewal(dialect.renewal, record.secrets[token_storage.REFRESH], dialect))
        client = token_storage.client_of(record, self._clients(vendor.name, declaration))
        if _grant(record) == "client_credentials":
            return (
                yield from token_requests.client_credentials(server, client, scopes=record.scopes or None, dialect=dialect, prover=prover)
            )
        return (yield from token_requests.refresh(server, client, record.secrets[token_storage.REFRESH], dialect=dialect, prover=prover))

    def _store(self, vault: Vault, record: ConnectionRecord, tokens: Tokens, requested_at: float) -> ConnectionRecord:
        """Store new tokens in the vault, over any other change of the record. They stay in memory until that has succeeded.

        Raises:
            VaultUnavailable: it failed. The next refresh of this process stores them first.
        """
        used = record.secrets.get(token_storage.REFRESH)
        with self._lock:
            self._unstored[record.id] = (tokens, requested_at, token_storage.since(record))
        for pause in (*_STORE_PAUSES, None):
            try:
                stored = vault.compare_and_swap(token_storage.renewed(record, tokens, requested_at), record.version)
            except VersionConflict:
                record = vault.get(record.id)
                if record.secrets.get(token_storage.REFRESH) != used or record.status is not Status.ACTIVE:
                    stored = record  # the user has reconnected: those tokens are newer
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
        raise VaultUnavailable(f"the new tokens of {record.key} could not be stored: the record changes all the time")

    def _ended(self, vault: Vault, record: ConnectionRecord, reason: str) -> NotConnected:
        """Mark the connection as needing the user, unless it was changed meanwhile."""
        ended = replace(record, status=Status.NEEDS_USER, reason=reason)
        with contextlib.suppress(VersionConflict):
            vault.compare_and_swap(ended, record.version)
        return inactive_error(ended)


def _grant(record: ConnectionRecord) -> str:
    return record.details.get(token_storage.GRANT, "refresh_token")


def _title(record: ConnectionRecord) -> str:
    vendor: Vendor = load(record.key.vendor)
    return vendor.title
