"""Tokens as a connection record keeps them: what of a grant is a secret, what a detail, and how it changes when tokens are renewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from unified_platform.oauth.clients import OAuthClient
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.tokens import Tokens
from unified_platform.vault.records import ConnectionRecord, Pending, Status
from unified_runtime.credentials import Secret
from unified_runtime.errors import NotConnected

ACCESS, REFRESH, IDENTITY, CLIENT_SECRET, DPOP_KEY, SIGNING_KEY = (
    "access_token", "refresh_token", "id_token", "client_secret", "dpop_key", "signing_key",
)  # fmt: skip
"""The names of a record's secrets."""

GRANT, LIFETIME, SINCE = "grant", "lifetime", "tokens_since"
"""Details: by which grant the tokens came, how many seconds they live, and the record's version that first held them."""


def client_details(client: OAuthClient) -> dict[str, str]:
    return {"client_id": client.id, "client_method": client.method, **({"client_key_id": client.key_id} if client.key_id else {})}


def client_of(kept: ConnectionRecord | Pending, current: OAuthClient | None) -> OAuthClient:
    """The client that tokens were given to, or asked for. `current` is the one the application is now: its secret may have been changed.

    Raises:
        NotConnected: neither is known (a record that another program has stored).
    """
    details = kept.details
    if current is not None and details.get("client_id") in {None, current.id}:
        return current
    if "client_id" not in details:
        raise NotConnected(f"the connection to {kept.place} does not say which OAuth client its tokens are of", vendor=kept.place.vendor)
    return OAuthClient(details["client_id"], kept.secrets.get(CLIENT_SECRET), details["client_method"], details.get("client_key_id"))


def prover_of(record: ConnectionRecord) -> Prover | None:
    key = record.secrets.get(DPOP_KEY)
    return None if key is None else Prover(key)


def secrets_of(tokens: Tokens, client: OAuthClient | None, prover: Prover | None) -> dict[str, Secret]:
    """What is sealed of a grant. The client's secret is kept with it: whoever has the vault can refresh, without the application."""
    found = {
        ACCESS: tokens.access,
        REFRESH: tokens.refresh,
        IDENTITY: tokens.id,
        CLIENT_SECRET: client.secret if client is not None else None,
    }
    if prover is not None:
        found[DPOP_KEY] = prover.secret()
    return {name: secret for name, secret in found.items() if secret is not None}


def renewed(record: ConnectionRecord, tokens: Tokens, asked_at: float) -> ConnectionRecord:
    """The record with new tokens; an answer without a refresh token keeps the old one (RFC 6749, section 6)."""
    secrets = {**record.secrets, ACCESS: tokens.access}
    secrets |= {name: secret for name, secret in ((REFRESH, tokens.refresh), (IDENTITY, tokens.id)) if secret is not None}
    details = {**record.details, SINCE: str(record.version + 1), **lifetime(tokens, asked_at)}
    return replace(
        record,
        secrets=secrets,
        expires_at=tokens.expires_at,
        scopes=record.scopes if tokens.scopes is None else tokens.scopes,
        details=details,
        status=Status.ACTIVE,
        reason=None,
    )


def since(record: ConnectionRecord) -> int:
    """The version of the record that first held its tokens."""
    return int(record.details.get(SINCE, record.version))


def lifetime(tokens: Tokens, asked_at: float) -> Mapping[str, str]:
    return {} if tokens.expires_at is None else {LIFETIME: f"{tokens.expires_at - asked_at:.3f}"}
