"""Connecting an application's end users: pages, JSON endpoints and functions.

from unified_platform.web import Connect

connect = Connect(open_vault(), url="https://app.example.com/connect", user=lambda request: request.session.get("user"))
app.mount("/connect", connect.app)
"""

from __future__ import annotations

from unified_platform.web.connect import Connect as Connect
from unified_platform.web.requirements import Field as Field
from unified_platform.web.requirements import Requirements as Requirements
from unified_platform.web.requirements import Way as Way
from unified_platform.web.requirements import requirements as requirements
from unified_platform.web.user_connections import ConnectionStatus as ConnectionStatus

__all__ = ["Connect", "ConnectionStatus", "Field", "Requirements", "Way", "requirements"]
