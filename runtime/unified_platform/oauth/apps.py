"""Which OAuth client an application is at a vendor: registered there by its developer, and told here by the environment or in code."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from unified_platform.environment import variable
from unified_platform.oauth.clients import OAuthClient
from unified_platform.oauth.declared import Declaration
from unified_runtime.credentials import Secret

Apps = Callable[[str, Declaration], OAuthClient | None]
"""The client for a vendor; None where the application is registered at none."""

ID, SECRET, KEY, KEY_ID = "client_id", "client_secret", "client_key", "client_key_id"


def from_environment(vendor: str, declaration: Declaration, environ: Mapping[str, str] = os.environ) -> OAuthClient | None:
    """`UNIFIED_JIRA_CLIENT_ID` with `UNIFIED_JIRA_CLIENT_SECRET`, or with `UNIFIED_JIRA_CLIENT_KEY`, a private key (RFC 7523).

    Raises:
        InvalidInput: they do not make a client.
    """
    identity, secret, key, key_id = (environ.get(variable(vendor, name)) for name in (ID, SECRET, KEY, KEY_ID))
    if not identity:
        return None
    if key:
        return OAuthClient(identity, Secret(key), "private_key_jwt", key_id or None)
    return OAuthClient(identity, Secret(secret), declaration.method) if secret else OAuthClient(identity)


def fixed(apps: Mapping[str, OAuthClient]) -> Apps:
    """Clients by vendor, as an application knows them; the environment's for the other vendors."""
    return lambda vendor, declaration: apps.get(vendor) or from_environment(vendor, declaration)
