"""Conversion of token grants to connection records: secrets, details, and their update on refresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from unified_platform.connections import records
from unified_platform.connections.records import ConnectionRecord, Kind, Pending, Status
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.id_tokens import unverified
from unified_platform.oauth.tokens import Tokens
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import NotConnected

ACCESS, REFRESH, IDENTITY, CLIENT_SECRET, DPOP_KEY, SIGNING_KEY = (
    "access_token", "refresh_token", "id_token", "client_secret", "dpop_key", "signing_key",
)  # fmt: skip
"""Names of a record's secrets."""

GRANT, LIFETIME, SINCE = "grant", "lifetime", "tokens_since"
"""Details: grant type of the tokens, their lifetime in seconds, and the record's version that first held them."""


_OWN_ID = "id:"
ACCOUNT = records.ACCOUNT
"""Detail: the connected account, see `accounts`."""


def accounts(declared: str | None, claims: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the ids of the connected account: the vendor's own, and issuer and subject of its ID token, if present."""
    subject = None if claims is None else (claims.get("iss"), claims.get("sub"))
    found = () if subject is None or not all(isinstance(part, str) and part for part in subject) else (f"{subject[0]}#{subject[1]}",)
    return (*(() if declared is None else (f"{_OWN_ID}{declared}",)), *found)


def by_id_token(record: ConnectionRecord) -> bool:
    """Return whether a connection's account is known by an ID token instead of the vendor's own id."""
    return not (account_of(record) or "").startswith(_OWN_ID)


def account_of(record: ConnectionRecord) -> str | None:
    """Return the account of a connection, in one of the forms of `accounts`; None if it is not known.

    Connections that were stored before this detail existed have it in their ID token, which was verified on create.
    """
    if ACCOUNT in record.details:
        return record.details[ACCOUNT]
    token = record.secrets.get(IDENTITY)
    found = accounts(None, None if token is None else unverified(token))
    return found[0] if found else None


def not_renewable(record: ConnectionRecord) -> str | None:
    """Return the reason why a connection cannot be reconnected with its account; None if it can."""
    if record.status is Status.REVOKED:
        return "it was ended on purpose"
    if record.kind is not Kind.OAUTH or record.details.get(GRANT, "refresh_token") != "refresh_token":
        return "no user has connected it by OAuth"
    if account_of(record) is None:
        return "it is not known which account it is of"
    return None


def client_details(client: OAuthClient) -> dict[str, str]:
    return {"client_id": client.id, "client_method": client.method, **({"client_key_id": client.key_id} if client.key_id else {})}


def client_of(stored: ConnectionRecord | Pending, current: OAuthClient | None) -> OAuthClient:
    """Return the client that the tokens were granted to, or requested by.

    `current` is the application's client now: its secret may have changed.

    Raises:
        NotConnected: neither is known (the record was stored by another program).
    """
    details = stored.details
    if current is not None and details.get("client_id") in {None, current.id}:
        return current
    if "client_id" not in details:
        raise NotConnected(
            f"the connection to {stored.key} does not record to which OAuth client its tokens were issued", vendor=stored.key.vendor
        )
    return OAuthClient(details["client_id"], stored.secrets.get(CLIENT_SECRET), details["client_method"], details.get("client_key_id"))


def prover_of(record: ConnectionRecord) -> Prover | None:
    key = record.secrets.get(DPOP_KEY)
    return None if key is None else Prover(key)


def secrets_of(tokens: Tokens, client: OAuthClient | None, prover: Prover | None) -> dict[str, Secret]:
    """Return the secrets of a grant. They include the client's secret, so that the vault suffices to refresh, without the application."""
    found = {
        ACCESS: tokens.access,
        REFRESH: tokens.refresh,
        IDENTITY: tokens.id,
        CLIENT_SECRET: client.secret if client is not None else None,
    }
    if prover is not None:
        found[DPOP_KEY] = prover.secret()
    return {name: secret for name, secret in found.items() if secret is not None}


def renewed(record: ConnectionRecord, tokens: Tokens, requested_at: float) -> ConnectionRecord:
    """Return the record with new tokens; without a new refresh token, the old one stays (RFC 6749, section 6)."""
    secrets = {**record.secrets, ACCESS: tokens.access}
    secrets |= {name: secret for name, secret in ((REFRESH, tokens.refresh), (IDENTITY, tokens.id)) if secret is not None}
    details = {**record.details, SINCE: str(record.version + 1), **lifetime(tokens, requested_at)}
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
    """Return the version of the record that first held its tokens."""
    return int(record.details.get(SINCE, record.version))


def lifetime(tokens: Tokens, requested_at: float) -> Mapping[str, str]:
    return {} if tokens.expires_at is None else {LIFETIME: f"{tokens.expires_at - requested_at:.3f}"}
