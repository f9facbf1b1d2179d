"""Connections of an application's users, with pages and JSON endpoints."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from unified_platform.common.extras import require_extra
from unified_platform.web.user_connections import UserConnections

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class Connect(UserConnections):
    """Connects the users of an application to vendors, by functions and by pages; see `UserConnections`."""

    @cached_property
    def app(self) -> ASGIApp:
        """ASGI application with the pages and JSON endpoints, to mount at the path of `url`."""
        require_extra("starlette", "web", "the connect pages")
        require_extra("jinja2", "web", "the connect pages")
        from unified_platform.web.app import create  # imported late: the functions do not need Starlette

        return create(self)
