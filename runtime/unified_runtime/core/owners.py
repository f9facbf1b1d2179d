"""Owners of connections, and the tenant that they belong to by default."""

from __future__ import annotations

from typing import NamedTuple

TENANT = "default"
"""Tenant of calls whose connections come from no source, or from a source that names none."""


class Owner(NamedTuple):
    """Owner of connections: a user, who may also use those shared with `team`. Without both, connections that belong to no user."""

    user: str | None = None
    team: str | None = None
