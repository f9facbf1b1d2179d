"""Connecting users to vendors: the library for web applications and the command line.

What a start must remember waits in the vault's pending store under its `state`, sealed; it is taken once, by whichever process the
callback reaches. The steps are those of `flows`, here carried out for threads and for an event loop.
"""

from __future__ import annotations

from typing import Any

from unified_platform.oauth import apps, declared
from unified_platform.oauth.apps import Apps
from unified_platform.oauth.asking import Asked, Started
from unified_platform.oauth.device import DeviceAuthorization
from unified_platform.oauth.flows import Declarations, Flows
from unified_platform.oauth.once import OneAction
from unified_platform.vault.interface import Vault
from unified_platform.vault.records import ConnectionRecord, Place
from unified_runtime import AsyncClient, Client
from unified_runtime.credentials import Secret


class Connector:
    """Connects users, for threads.

    Args:
        vault: where connections are kept.
        clients: which OAuth client the application is; the environment's by default (`UNIFIED_JIRA_CLIENT_ID`, ...).
        transport: as for `Client`.
        declarations: how vendors' users connect; the compiled catalog's by default.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        clients: Apps = apps.from_environment,
        transport: Any = None,
        declarations: Declarations = declared.of,
    ) -> None:
        self._flows = Flows(vault, clients=clients, declarations=declarations)
        self._client = Client(transport)

    def start(self, vendor: str, *, redirect_uri: str, **asked: Any) -> Started:
        """Where to send the user, and the state to keep in the user's session. `asked` is what `Asked` takes.

        Raises:
            InvalidInput: what is asked for, or the application's client, is not one that can be used.
            Unsupported: the vendor has no OAuth; says what it has.
            Refused, Untrusted, Unavailable, RateLimited, VendorProtocolError: the authorization server does not do its part.
        """
        return self._client.perform(self._flows.start(Asked(vendor=vendor, **asked), redirect_uri))

    def finish(self, callback_url: str, *, state: str | None = None) -> ConnectionRecord:
        """The connection that a callback leads to, stored. `state` is that of the user's session: give it wherever there is a session.

        Raises:
            WrongCallback: it answers no authorization that was started, or one of another session; or that was finished or is too old.
            Refused: the user or the server said no.
            Untrusted, Unavailable, RateLimited, VendorProtocolError: the authorization server does not do its part.
        """
        callback, callback_url = Secret(callback_url), ""  # it holds the code, which no traceback is to show
        return self._client.perform(self._flows.finish(callback, state))

    def finish_once(self, callback_url: str, *, state: str | None = None) -> OneAction:
        """The right for one action that was started with `once=True`: used inside `with`, then ended. Raises as `finish`."""
        callback, callback_url = Secret(callback_url), ""
        right, end = self._client.perform(self._flows.finish_once(callback, state))
        return OneAction(right, None if end is None else lambda: self._client.perform(end))

    def start_device(self, vendor: str, **asked: Any) -> DeviceAuthorization:
        """What to tell the user of a device without a browser (RFC 8628). Raises as `start`."""
        return self._client.perform(self._flows.start_device(Asked(vendor=vendor, **asked)))

    def finish_device(self, made: DeviceAuthorization, vendor: str, **asked: Any) -> ConnectionRecord:
        """The connection, once the user has entered the code. Raises as `finish`."""
        return self._client.perform(self._flows.finish_device(Asked(vendor=vendor, **asked), made))

    def machine(self, vendor: str, **asked: Any) -> ConnectionRecord:
        """A connection of the application itself, by client credentials (RFC 6749, section 4.4). Raises as `start`."""
        return self._client.perform(self._flows.machine(Asked(vendor=vendor, **asked)))

    def service_account(
        self, vendor: str, *, issuer: str, key: Secret, key_id: str | None = None, subject: str | None = None, **asked: Any
    ) -> ConnectionRecord:
        """A connection by a service account's private key (RFC 7523), acting for the user `subject` if there is one. Raises as `start`."""
        return self._client.perform(self._flows.service_account(Asked(vendor=vendor, **asked), issuer, key, key_id, subject))

    def revoke(self, place: Place) -> bool:
        """End a connection: its tokens at the vendor, if that can be told, and its secrets here. Whether the vendor was told.

        Raises:
            Refused, Untrusted, Unavailable, RateLimited, VendorProtocolError: the vendor was to be told, and was not; nothing has changed.
        """
        return self._client.perform(self._flows.revoke(place))


class AsyncConnector:
    """The async twin of `Connector`."""

    def __init__(
        self,
        vault: Vault,
        *,
        clients: Apps = apps.from_environment,
        transport: Any = None,
        declarations: Declarations = declared.of,
    ) -> None:
        self._flows = Flows(vault, clients=clients, declarations=declarations)
        self._client = AsyncClient(transport)

    async def start(self, vendor: str, *, redirect_uri: str, **asked: Any) -> Started:
        """See `Connector.start`."""
        return await self._client.perform(self._flows.start(Asked(vendor=vendor, **asked), redirect_uri))

    async def finish(self, callback_url: str, *, state: str | None = None) -> ConnectionRecord:
        """See `Connector.finish`."""
        callback, callback_url = Secret(callback_url), ""  # it holds the code, which no traceback is to show
        return await self._client.perform(self._flows.finish(callback, state))

    async def finish_once(self, callback_url: str, *, state: str | None = None) -> OneAction:
        """See `Connector.finish_once`; used inside `async with`."""
        callback, callback_url = Secret(callback_url), ""
        right, end = await self._client.perform(self._flows.finish_once(callback, state))
        return OneAction(right, None, None if end is None else lambda: self._client.perform(end))

    async def start_device(self, vendor: str, **asked: Any) -> DeviceAuthorization:
        """See `Connector.start_device`."""
        return await self._client.perform(self._flows.start_device(Asked(vendor=vendor, **asked)))

    async def finish_device(self, made: DeviceAuthorization, vendor: str, **asked: Any) -> ConnectionRecord:
        """See `Connector.finish_device`."""
        return await self._client.perform(self._flows.finish_device(Asked(vendor=vendor, **asked), made))

    async def machine(self, vendor: str, **asked: Any) -> ConnectionRecord:
        """See `Connector.machine`."""
        return await self._client.perform(self._flows.machine(Asked(vendor=vendor, **asked)))

    async def service_account(
        self, vendor: str, *, issuer: str, key: Secret, key_id: str | None = None, subject: str | None = None, **asked: Any
    ) -> ConnectionRecord:
        """See `Connector.service_account`."""
        return await self._client.perform(self._flows.service_account(Asked(vendor=vendor, **asked), issuer, key, key_id, subject))

    async def revoke(self, place: Place) -> bool:
        """See `Connector.revoke`."""
        return await self._client.perform(self._flows.revoke(place))

    async def aclose(self) -> None:
        """Close the HTTP connections of the running event loop."""
        await self._client.aclose()
