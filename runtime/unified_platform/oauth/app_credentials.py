"""Lookup of the OAuth client that an application has registered at a vendor, from the environment or from code."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from unified_platform.connections.environment import variable
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.declarations import Declaration
from unified_runtime.core.credentials import Secret

AppLookup = Callable[[str, Declaration], OAuthClient | None]
"""Function that returns the OAuth client for a vendor; None if the application has not registered one there."""

ID, SECRET, KEY, KEY_ID = "client_id", "client_secret", "client_key", "client_key_id"


def from_environment(vendor: str, declaration: Declaration, environ: Mapping[str, str] = os.environ) -> OAuthClient | None:
    """Return the client of `UNIFIED_JIRA_CLIENT_ID` and `UNIFIED_JIRA_CLIENT_SECRET`, or `UNIFIED_JIRA_CLIENT_KEY`.

    The latter is a private key (RFC 7523). Return None if the client id is not set.

    Raises:
        InvalidInput: the variables do not make a valid client.
    """
    identity, secret, key, key_id = (environ.get(variable(vendor, name)) for name in (ID, SECRET, KEY, KEY_ID))
    if not identity:
        return None
    if key:
        return OAuthClient(identity, Secret(key), "private_key_jwt", key_id or None)
    return OAuthClient(identity, Secret(secret), declaration.method) if secret else OAuthClient(identity)


def fixed(apps: Mapping[str, OAuthClient]) -> AppLookup:
    """Return a lookup in the given clients by vendor; other vendors' clients come from the environment."""
    return lambda vendor, declaration: apps.get(vendor) or from_environment(vendor, declaration)
