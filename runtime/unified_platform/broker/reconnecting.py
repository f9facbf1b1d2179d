"""Connecting again from the dashboard: somebody is sent to the vendor's consent page and comes back with the connection renewed."""

from __future__ import annotations

from typing import Any

from unified_platform.oauth import apps, declared
from unified_platform.oauth.apps import Apps
from unified_platform.oauth.asking import Started
from unified_platform.oauth.connecting import AsyncConnector
from unified_platform.oauth.flows import Declarations
from unified_platform.vault.interface import Vault
from unified_platform.vault.records import ConnectionRecord, Kind
from unified_runtime.errors import UnifiedError
from unified_runtime.vendors import load

CONNECTED = "/connected"
"""Where vendors send people back to; registered with each vendor's application."""


class Reconnecting:
    """Renews connections of a vault by OAuth, at those vendors where the broker is a registered application.

    Args:
        address: where people reach the broker.
        vault: whose connections they are.
        clients: which application the broker is; the environment's by default (`UNIFIED_JIRA_CLIENT_ID`, …).
        declarations: how vendors' users connect; the compiled catalog's by default.
    """

    def __init__(
        self,
        address: str,
        vault: Vault,
        *,
        clients: Apps = apps.from_environment,
        declarations: Declarations = declared.of,
        transport: Any = None,
    ) -> None:
        self.redirect = address + CONNECTED
        self._clients = clients
        self._declarations = declarations
        self._connector = AsyncConnector(vault, clients=clients, declarations=declarations, transport=transport)

    def offers(self, record: ConnectionRecord) -> bool:
        """Whether the connection can be renewed here."""
        if record.kind is not Kind.OAUTH:
            return False
        try:
            declaration = self._declarations(load(record.place.vendor))
            return declaration.connects and self._clients(record.place.vendor, declaration) is not None
        except UnifiedError:
            return False  # the vendor is not in the catalog any more, or its application is told wrongly: beginning says what

    async def begin(self, record: ConnectionRecord) -> Started:
        """Where to send somebody, and the state that must come back by the same browser. Raises as `Connector.start`."""
        place = record.place
        return await self._connector.start(
            place.vendor,
            redirect_uri=self.redirect,
            user=place.user,
            team=place.team,
            name=place.name,
            scopes=record.scopes,
            values=record.values,
            server=record.server,
        )

    async def finish(self, query: str, state: str) -> ConnectionRecord:
        """The connection, from the query that the vendor sent somebody back with. Raises as `Connector.finish`."""
        return await self._connector.finish(f"{self.redirect}?{query}", state=state)

    async def aclose(self) -> None:
        """Close the HTTP connections of the running event loop."""
        await self._connector.aclose()
