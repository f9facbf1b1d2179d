"""Reconnection from the dashboard: to the vendor's consent page and back, with new tokens for the connection."""

from __future__ import annotations

from typing import Any

from unified_platform.connections.protocols import Vault
from unified_platform.connections.records import ConnectionRecord
from unified_platform.oauth import app_credentials, token_storage
from unified_platform.oauth import declarations as declared
from unified_platform.oauth.app_credentials import AppLookup
from unified_platform.oauth.authorization_request import StartedAuthorization
from unified_platform.oauth.connect_flows import Declarations
from unified_platform.oauth.connector import AsyncConnector
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.vendors import load

CONNECTED = "/connected"
"""Redirect path, registered with each vendor's application."""


class Reconnect:
    """Reconnects connections of a vault by OAuth, at vendors where the broker is a registered application.

    Args:
        address: URL of the broker for people.
        vault: vault of the connections.
        clients: lookup of the broker's OAuth client; by default from the environment (`UNIFIED_JIRA_CLIENT_ID`, …).
        declarations: OAuth declaration of a vendor; by default the compiled catalog's.
    """

    def __init__(
        self,
        address: str,
        vault: Vault,
        *,
        clients: AppLookup = app_credentials.from_environment,
        declarations: Declarations = declared.of,
        transport: Any = None,
    ) -> None:
        self.redirect = address + CONNECTED
        self._clients = clients
        self._declarations = declarations
        self._connector = AsyncConnector(vault, clients=clients, declarations=declarations, transport=transport)

    def offers(self, record: ConnectionRecord) -> bool:
        """Return whether a user can reconnect it here: it was connected by OAuth, not revoked on purpose, and its account is known."""
        if token_storage.not_renewable(record) is not None:
            return False
        try:
            declaration = self._declarations(load(record.key.vendor))
            return declaration.connects and self._clients(record.key.vendor, declaration) is not None
        except UnifiedError:
            return False  # the vendor is not in the catalog any more, or its application is configured incorrectly: `begin` reports that

    async def begin(self, record: ConnectionRecord) -> StartedAuthorization:
        """Return the URL of the consent page, and the state that the same browser must return. Raises as `Connector.start`."""
        key = record.key
        return await self._connector.start(
            key.vendor,
            redirect_uri=self.redirect,
            user=key.user,
            team=key.team,
            name=key.name,
            scopes=record.scopes,
            values=record.values,
            server=record.server,
            renews=record.id,
        )

    async def finish(self, query: str, state: str) -> ConnectionRecord:
        """Return the connection, from the query of the vendor's redirect; its account must be the same as before.

        Raises as `Connector.finish`, and AccountMismatch if the user consented with another account.
        """
        return await self._connector.finish(f"{self.redirect}?{query}", state=state)

    async def aclose(self) -> None:
        """Close the HTTP connections of the running event loop."""
        await self._connector.aclose()
