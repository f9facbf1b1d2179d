"""Connector: connects users to vendors by OAuth, for web applications and the command line.

A started authorization is saved, sealed, in the vault's pending store under its `state`. It is accepted once, by the process that
receives the callback. The flows are in `connect_flows`.
"""

from __future__ import annotations

from typing import Any

from unified_platform.connections.protocols import Vault
from unified_platform.connections.records import ConnectionKey, ConnectionRecord
from unified_platform.oauth import app_credentials
from unified_platform.oauth import declarations as declared
from unified_platform.oauth._async.one_time_grants import AsyncOneTimeGrants
from unified_platform.oauth.app_credentials import AppLookup
from unified_platform.oauth.authorization_request import ConnectRequest, StartedAuthorization
from unified_platform.oauth.connect_flows import Declarations, Flows
from unified_platform.oauth.device_flow import DeviceAuthorization
from unified_runtime import AsyncClient
from unified_runtime.core.credentials import Secret


class AsyncConnector:
    """Connects users to vendors.

    Args:
        vault: vault to store connections in.
        clients: lookup of the application's OAuth client; by default from the environment (`UNIFIED_JIRA_CLIENT_ID`, ...).
        transport: as for `Client`.
        declarations: OAuth declaration of a vendor; by default the compiled catalog's.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        clients: AppLookup = app_credentials.from_environment,
        transport: Any = None,
        declarations: Declarations = declared.of,
    ) -> None:
        self._flows = Flows(vault, clients=clients, declarations=declarations)
        self._client = AsyncClient(transport)

    async def start(self, vendor: str, *, redirect_uri: str, **options: Any) -> StartedAuthorization:
        """Return the URL to send the user to, and the state to save in the user's session. `options`: arguments of `ConnectRequest`.

        Raises:
            InvalidInput: the request or the application's client is not valid.
            Unsupported: the vendor has no OAuth; the message names what it has.
            AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: the authorization server failed.
        """
        return await self._client.perform(self._flows.start(ConnectRequest(vendor=vendor, **options), redirect_uri))

    async def finish(self, callback_url: str, *, state: str | None = None, user: str | None = None) -> ConnectionRecord:
        """Store and return the connection of a callback. `state` is that of the user's session: pass it if there is a session.

        With `user`, the authorization must have been started for that user.

        Raises:
            InvalidCallback: no such authorization was started in this session, or it was finished already or has expired.
            AuthorizationRefused: the user or the server denied the request.
            UntrustedToken, Unavailable, RateLimited, VendorProtocolError: the authorization server failed.
        """
        callback, callback_url = Secret(callback_url), ""  # it contains the code, which no traceback may show
        return await self._client.perform(self._flows.finish(callback, state, user))

    async def finish_once(self, callback_url: str, *, state: str | None = None) -> AsyncOneTimeGrants:
        """Return the grant of an authorization started with `once=True`; its block revokes it. Raises as `finish`."""
        callback, callback_url = Secret(callback_url), ""
        right, end = await self._client.perform(self._flows.finish_once(callback, state))
        return AsyncOneTimeGrants(right, self._client, end)

    async def start_device(self, vendor: str, **options: Any) -> DeviceAuthorization:
        """Return the code and URL to show to the user of a device without a browser (RFC 8628). Raises as `start`."""
        return await self._client.perform(self._flows.start_device(ConnectRequest(vendor=vendor, **options)))

    async def finish_device(self, made: DeviceAuthorization, vendor: str, **options: Any) -> ConnectionRecord:
        """Wait until the user has entered the code, and return the connection. Raises as `finish`."""
        return await self._client.perform(self._flows.finish_device(ConnectRequest(vendor=vendor, **options), made))

    async def machine(self, vendor: str, **options: Any) -> ConnectionRecord:
        """Connect the application itself, by client credentials (RFC 6749, section 4.4). Raises as `start`."""
        return await self._client.perform(self._flows.machine(ConnectRequest(vendor=vendor, **options)))

    async def service_account(
        self, vendor: str, *, issuer: str, key: Secret, key_id: str | None = None, subject: str | None = None, **options: Any
    ) -> ConnectionRecord:
        """Connect by a service account's private key (RFC 7523), acting for the user `subject` if given. Raises as `start`."""
        return await self._client.perform(
            self._flows.service_account(ConnectRequest(vendor=vendor, **options), issuer, key, key_id, subject)
        )

    async def revoke(self, key: ConnectionKey) -> bool:
        """Revoke a connection's tokens at the vendor, if possible, and delete its secrets. Return whether the vendor was notified.

        Raises:
            AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: revocation failed; nothing has changed.
        """
        return await self._client.perform(self._flows.revoke(key))

    async def aclose(self) -> None:
        """Close the HTTP connections of the running event loop."""
        await self._client.aclose()
