"""Connections of an application's end users: start, finish, store, check and delete them, with or without the pages."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from unified_platform.common.extras import require_extra
from unified_platform.connections.connection_check import CheckedConnection, check_connection
from unified_platform.connections.errors import VaultDamaged, VersionConflict
from unified_platform.connections.protocols import WatchedVault
from unified_platform.connections.records import NAME, ConnectionKey, ConnectionRecord, DamagedConnection, Status, checked_connection_key
from unified_platform.oauth import app_credentials
from unified_platform.oauth import declarations as declared
from unified_platform.oauth.app_credentials import AppLookup
from unified_platform.oauth.authorization_request import StartedAuthorization
from unified_platform.oauth.connect_flows import Declarations
from unified_platform.oauth.connector import Connector
from unified_platform.oauth.errors import AuthorizationRefused
from unified_platform.vault.manual_credentials import ask_credential
from unified_platform.vault.source import VaultSource, connection_of
from unified_platform.web.requirements import Requirements, Way, check_fields, requirements
from unified_platform.web.return_urls import check_return_url, origin_of
from unified_platform.web.tokens import PageTokens
from unified_runtime import Client, Settings
from unified_runtime.core.errors import Forbidden, InvalidInput, NotConnected, RateLimited, Unavailable, Unsupported
from unified_runtime.core.owners import Owner
from unified_runtime.core.vendors import available, load
from unified_runtime.http import network_policy

if TYPE_CHECKING:
    from starlette.requests import Request

    UserLookup = Callable[[Request], "str | None | Awaitable[str | None]"]

LINK = 900.0
"""Seconds for which a link is valid."""

_CHECK = Settings(deadline=30.0, attempts=2)
_PAUSE = 0.5
_UNVERIFIED = (Forbidden, Unsupported)
"""Failures of the check that do not show a wrong credential: it may not read its own user."""


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """State of a user's connection to a vendor, without secrets. `account` is the vendor's name of the account, `reason` is for people.

    `verified` is true if the connection was checked by a call just now.
    """

    vendor: str
    title: str
    state: Literal["connected", "needs_user", "not_connected"]
    account: str | None = None
    reason: str | None = None
    connected_at: float | None = None
    verified: bool = False


class UserConnections:
    """Connections of the users of an application: connects, checks, reports and deletes them.

    Args:
        vault: vault to store connections in.
        url: public URL that the pages (`Connect.app`) are mounted at. Register `<url>/callback/<vendor>` as redirect URI at each vendor.
        name, logo: name of the application, and the URL or path of its logo, for the pages.
        user: function that returns the user of a request to the pages, from the application's own session; None if no one is logged in.
            It may be async, otherwise it runs in a thread. Without it, pages are only reached by links.
        vendors: vendors to offer; by default all that can be connected.
        toolsets: operations that connections are used for (`["tasks"]`): the least scopes that they need are requested.
        return_origins: further origins that users may be sent back to; that of `url` is always allowed.
        private_hosts: hosts of users' own servers that may be in a private network; no others may. See `block_private_networks`.
        clients: lookup of the application's OAuth apps; by default from the environment (`UNIFIED_JIRA_CLIENT_ID`, ...).
        transport, declarations: as for `Connector`.
        emulated: address of a running emulator (`unified emulate`) that is connected instead of the vendors.

    Raises:
        InvalidInput: an argument is not valid.
    """

    def __init__(
        self,
        vault: WatchedVault,
        *,
        url: str,
        name: str = "the application",
        logo: str | None = None,
        user: UserLookup | None = None,
        vendors: Iterable[str] | None = None,
        toolsets: Iterable[str] = (),
        return_origins: Iterable[str] = (),
        private_hosts: Iterable[str] = (),
        clients: AppLookup = app_credentials.from_environment,
        declarations: Declarations = declared.of,
        transport: Any = None,
        emulated: str | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
            raise InvalidInput(f"url = {url!r} is not the address of the pages, such as https://app.example.com/connect")
        self.url = url.rstrip("/")
        self.name = name
        self.logo = logo
        self.user = user
        self.vendors = _offered(vendors)
        self.origins = frozenset({origin_of(self.url), *map(origin_of, return_origins)})
        self.tokens = PageTokens(vault)
        self._vault = vault
        self._toolsets = tuple(toolsets)
        self._servers: Any = None
        hosts = tuple(private_hosts)
        if emulated is not None:
            # Named by text, as in the command line: the emulators are above the platform.
            self._servers = require_extra("unified_emulation.serving.connecting", "emulate", "emulated").EmulatedServers(emulated)
            clients, declarations = self._servers.app, self._servers.declaration
            hosts = (*hosts, urlsplit(emulated).netloc)
        network_policy.block_private_networks(but={*hosts, *(network_policy.hosts or ())})
        self._clients, self._declarations, self._transport = clients, declarations, transport
        self._connector = Connector(vault, clients=clients, transport=transport, declarations=declarations)
        self._client = Client(transport, settings=_CHECK, vault=VaultSource(vault, fresh_for=0.0))

    # ------------------------------------------------------------------------------------------------ reading
    def requirements(self, vendor: str) -> Requirements:
        """Return the ways to connect a vendor, with the inputs that each needs.

        Raises:
            InvalidInput: the vendor is not offered.
        """
        return requirements(self._checked(vendor), clients=self._clients, declarations=self._declarations)

    def status(self, user: str) -> tuple[ConnectionStatus, ...]:
        """Return the state of a user's connection to each offered vendor."""
        found = self._vault.list(user=user)
        every: tuple[ConnectionRecord | DamagedConnection, ...] = (*found.damaged, *found.records)
        records = {one.key.vendor: one for one in every if one.key.name == NAME}
        return tuple(_status(vendor, records.get(vendor)) for vendor in self.vendors)

    def connect_link(self, *, user: str, vendor: str | None = None, return_to: str | None = None, lifetime: float = LINK) -> str:
        """Return a URL with which a user connects a vendor, or any that is offered. It can be opened once, and expires.

        The person that opens it connects an account for `user`: send it to this user only.

        Raises:
            InvalidInput: an argument is not valid.
        """
        checked_connection_key(vendor or self.vendors[0], user, None)
        signed = {"user": user, **({"vendor": self._checked(vendor)} if vendor is not None else {})}
        if return_to is not None:
            signed["return_to"] = self.checked_return(return_to)
        return f"{self.url}/link?{urlencode({'token': self.tokens.link(signed, lifetime)})}"

    def checked_return(self, url: str) -> str:
        """Return the address of a page to send a user back to.

        Raises:
            InvalidInput: it is not a page of the application.
        """
        return check_return_url(url, self.origins)

    def source(self) -> VaultSource:
        """Return the connection source for clients whose errors have a link: `NotConnected.url`."""
        return VaultSource(self._vault, connect_link=self._link_of)

    def _link_of(self, vendor: str | None, owner: Owner) -> str | None:
        offered = vendor is None or vendor in self.vendors
        return self.connect_link(user=owner.user, vendor=vendor) if owner.user is not None and offered else None

    # ------------------------------------------------------------------------------------------------ connecting
    def start(
        self, vendor: str, *, user: str, values: Mapping[str, str] | None = None, redirect_uri: str | None = None
    ) -> StartedAuthorization:
        """Return the URL of the vendor's page to send the user to, and the state to save in the user's session.

        Args:
            values: inputs of `requirements(vendor).way("oauth")`; of a connection that exists, the missing ones.
            redirect_uri: page of the application that calls `finish`; by default that of the pages.

        Raises:
            InvalidInput: inputs are missing or not valid; `fields` has a text for each.
            Unsupported: no OAuth app is configured.
            UnifiedError: the authorization server failed.
        """
        way = self.requirements(vendor).way("oauth")
        known = load(vendor)
        checked = check_fields(known, way, {**self._saved_values(way, known.name, user), **(values or {})})
        return self._connector.start(
            known.name,
            redirect_uri=self.callback_of(known.name) if redirect_uri is None else self.checked_return(redirect_uri),
            user=user,
            values=checked,
            tools=self._toolsets,
            server=None if self._servers is None else self._servers.address(known, way.scheme, checked),
        )

    def callback_of(self, vendor: str) -> str:
        """Return the redirect URI to register at a vendor. Each vendor has its own (RFC 9700, section 4.4.2.2)."""
        return f"{self.url}/callback/{quote(vendor)}"

    def finish(self, callback_url: str, *, user: str, state: str) -> ConnectionStatus:
        """Store the connection of a callback, check it by a call, and return its state.

        Args:
            callback_url: complete URL that the vendor sent the user to.
            user: user that `start` was called for; another one is rejected.
            state: state in the user's session.

        Raises:
            InvalidCallback: the callback is of another session or user, or was used before, or has expired.
            UnifiedError: the user or the authorization server refused, or the call failed.
        """
        record = self._connector.finish(callback_url, state=state, user=user)
        try:
            checked = self._check(record)
        except _UNVERIFIED:
            return _status(record.key.vendor, record)
        return _status(record.key.vendor, self._with_account(record, checked), verified=True)

    def store_key(self, vendor: str, *, user: str, values: Mapping[str, str]) -> ConnectionStatus:
        """Check a key, token or password by a call, store it, and return the state. If the check fails, nothing is stored.

        `values` are the inputs of `requirements(vendor).way("key")`; of a connection that exists, the missing ones and its secrets.

        Raises:
            InvalidInput: inputs are missing or not valid; `fields` has a text for each.
            Unauthorized: the vendor rejects the credential.
            UnifiedError: the call failed.
        """
        way = self.requirements(vendor).way("key")
        known = load(vendor)
        checked = check_fields(known, way, {**self._saved_values(way, known.name, user), **values})
        parts = {field.name for field in way.fields if field.credential}
        own = {name: value for name, value in checked.items() if name not in parts}
        record = ask_credential(
            known,
            checked_connection_key(known.name, user, None),
            own,
            ask=_no_prompt,
            scheme=way.scheme,
            secrets={name: value for name, value in checked.items() if name in parts},
            server=None if self._servers is None else self._servers.address(known, way.scheme, own),
        )
        try:
            found: CheckedConnection | None = self._check(record)
        except _UNVERIFIED:
            found = None
        if found is not None:
            record = replace(record, account=found.account, account_id=found.account_id)
        return _status(known.name, self._vault.put(record), verified=found is not None)

    def test(self, vendor: str, *, user: str) -> ConnectionStatus:
        """Make one reading call through a user's connection, and return its state.

        Raises:
            NotConnected: there is no connection, or only the user can fix it.
            UnifiedError: the call failed.
        """
        key = checked_connection_key(self._checked(vendor), user, None)
        found = check_connection(self._client, key.vendor, user=user)
        record = self._vault.find(key)
        assert record is not None  # a call was made through it
        return _status(key.vendor, self._with_account(record, found), verified=True)

    def delete(self, vendor: str, *, user: str) -> bool:
        """Delete a user's connection, after revoking its tokens at the vendor if possible. Return whether the vendor was notified."""
        key = checked_connection_key(self._checked(vendor), user, None)
        record = self._vault.find(key)
        if record is None:
            return False
        notified = False
        with contextlib.suppress(AuthorizationRefused, Unavailable, RateLimited):
            notified = self._connector.revoke(key)
        self._vault.delete(record.id)
        return notified

    # ------------------------------------------------------------------------------------------------ waiting
    def wait_for_connection(self, vendor: str, *, user: str, timeout: float = 300.0) -> ConnectionStatus:
        """Wait until a user has connected a vendor, and return the state.

        Raises:
            NotConnected: it is not connected after `timeout` seconds.
        """
        end = time.monotonic() + timeout
        while (found := self._connected(vendor, user)) is None:
            self._check_time(vendor, user, end)
            time.sleep(_PAUSE)
        return found

    async def await_connection(self, vendor: str, *, user: str, timeout: float = 300.0) -> ConnectionStatus:  # noqa: ASYNC109  as above
        """Wait until a user has connected a vendor, for async code; see `wait_for_connection`."""
        end = time.monotonic() + timeout
        while (found := await asyncio.to_thread(self._connected, vendor, user)) is None:
            self._check_time(vendor, user, end)
            await asyncio.sleep(_PAUSE)
        return found

    def _connected(self, vendor: str, user: str) -> ConnectionStatus | None:
        record = self._find(checked_connection_key(self._checked(vendor), user, None))
        return None if record is None or record.status is not Status.ACTIVE else _status(vendor, record)

    def _check_time(self, vendor: str, user: str, end: float) -> None:
        if time.monotonic() >= end:
            raise NotConnected(f"user {user!r} has not connected {vendor} in time", vendor=vendor)

    # ------------------------------------------------------------------------------------------------ the rest
    def _checked(self, vendor: str) -> str:
        if vendor not in self.vendors:
            raise InvalidInput(f"{vendor!r} is not offered here; offered: {', '.join(self.vendors)}")
        return vendor

    def _find(self, key: ConnectionKey) -> ConnectionRecord | None:
        """Return a user's connection; None if there is none, or it cannot be read: connecting again replaces it."""
        try:
            return self._vault.find(key)
        except VaultDamaged:
            return None

    def saved_values(self, vendor: str, *, user: str) -> Mapping[str, str]:
        """Return the connection values (`site`) of a user's connection; none if there is no connection."""
        record = self._find(checked_connection_key(self._checked(vendor), user, None))
        return {} if record is None else record.values

    def _saved_values(self, way: Way, vendor: str, user: str) -> dict[str, str]:
        saved = self.saved_values(vendor, user=user)
        return {field.name: saved[field.name] for field in way.fields if field.name in saved and not field.credential}

    def _check(self, record: ConnectionRecord) -> CheckedConnection:
        """Make one call through a connection that need not be stored."""
        client = Client(self._transport, settings=_CHECK)
        client.connections.add(connection_of(record, self._vault.tenant))
        with client:
            return check_connection(client, record.key.vendor, user=record.key.user)

    def _with_account(self, record: ConnectionRecord, checked: CheckedConnection) -> ConnectionRecord:
        """Store the account that the vendor reports, unless the record has changed meanwhile."""
        named = replace(record, account=checked.account or record.account, account_id=checked.account_id or record.account_id)
        if named == record:
            return record
        with contextlib.suppress(VersionConflict):
            return self._vault.compare_and_swap(named, record.version)
        return record


def _offered(vendors: Iterable[str] | None) -> tuple[str, ...]:
    known = available()
    chosen: Collection[str] = known if vendors is None else [load(name).name for name in vendors]
    return tuple(sorted(set(chosen), key=lambda name: load(name).title.lower()))


def _status(vendor: str, record: ConnectionRecord | DamagedConnection | None, *, verified: bool = False) -> ConnectionStatus:
    title = load(vendor).title
    if isinstance(record, DamagedConnection):
        return ConnectionStatus(vendor, title, "needs_user", reason="the stored connection cannot be read")
    if record is None or record.status is Status.REVOKED:
        return ConnectionStatus(vendor, title, "not_connected")
    state: Literal["connected", "needs_user"] = "connected" if record.status is Status.ACTIVE else "needs_user"
    account = record.account or record.username
    return ConnectionStatus(vendor, title, state, account, record.reason, record.updated_at or None, verified)


def _no_prompt(what: str, *, hidden: bool, empty: bool = False) -> str:
    raise AssertionError(f"{what} was checked before")
