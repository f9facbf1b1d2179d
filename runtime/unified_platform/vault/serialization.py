"""Encoding of connections and pending authorizations for sealing, and their associated data.

Secrets are revealed here. No exception is raised while a revealed one is in reach of a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from unified_platform.connections.records import ConnectionKey, ConnectionRecord, Kind, Pending, Status
from unified_platform.vault.envelope import associated
from unified_runtime.core.credentials import Secret


class _Connection(msgspec.Struct, omit_defaults=True):
    scheme: str
    kind: Kind
    secrets: dict[str, str]
    created_at: float
    updated_at: float
    username: str | None = None
    account: str | None = None
    account_id: str | None = None
    values: dict[str, str] = {}
    server: str | None = None
    scopes: tuple[str, ...] = ()
    expires_at: float | None = None
    details: dict[str, str] = {}
    status: Status = Status.ACTIVE
    reason: str | None = None
    preferred_at: float = 0.0
    exclusive: bool = False
    """Records that were stored before this field existed are not exclusive."""


class _Pending(msgspec.Struct, omit_defaults=True):
    vendor: str
    scheme: str
    redirect_uri: str
    user: str | None = None
    team: str | None = None
    name: str | None = None
    issuer: str | None = None
    verifier: str | None = None
    nonce: str | None = None
    scopes: tuple[str, ...] = ()
    values: dict[str, str] = {}
    details: dict[str, str] = {}
    secrets: dict[str, str] = {}


T = TypeVar("T")


def owner_of(key: ConnectionKey) -> tuple[str, str]:
    """Return the owner as the two columns of its table: kind and name."""
    if key.user is not None:
        return "user", key.user
    return ("team", key.team) if key.team is not None else ("", "")


def key_of(vendor: str, owner_kind: str, owner: str, name: str) -> ConnectionKey:
    return ConnectionKey(
        vendor=vendor, user=owner if owner_kind == "user" else None, team=owner if owner_kind == "team" else None, name=name
    )


def about_connection(vault: str, tenant: str, id: str, key: ConnectionKey, version: int) -> bytes:
    """Return the associated data of a sealed connection: owner, key, id and version."""
    return associated(vault, "connection", tenant, id, *owner_of(key), key.vendor, key.name, version)


def about_pending(vault: str, tenant: str, digest: str, expires_at: float) -> bytes:
    return associated(vault, "pending", tenant, digest, repr(expires_at))


def about_cursor_key(vault: str, tenant: str, id: str, created_at: float) -> bytes:
    return associated(vault, "cursor key", tenant, id, repr(created_at))


def about_hook(vault: str, tenant: str, name: str, created_at: float) -> bytes:
    return associated(vault, "hook", tenant, name, repr(created_at))


def of_connection(record: ConnectionRecord) -> bytes:
    return msgspec.msgpack.encode(
        _Connection(
            scheme=record.scheme,
            kind=record.kind,
            secrets=_revealed(record.secrets),
            created_at=record.created_at,
            updated_at=record.updated_at,
            username=record.username,
            account=record.account,
            account_id=record.account_id,
            values=dict(record.values),
            server=record.server,
            scopes=record.scopes,
            expires_at=record.expires_at,
            details=dict(record.details),
            status=record.status,
            reason=record.reason,
            preferred_at=record.preferred_at,
            exclusive=bool(record.exclusive),
        )
    )


def connection(plain: bytes, id: str, key: ConnectionKey, version: int) -> ConnectionRecord | None:
    """Decode a connection; None if the bytes are something else."""
    data = _decoded(plain, _Connection)
    if data is None:
        return None
    return ConnectionRecord(
        id=id,
        key=key,
        version=version,
        scheme=data.scheme,
        kind=data.kind,
        secrets=_hidden(data.secrets),
        created_at=data.created_at,
        updated_at=data.updated_at,
        username=data.username,
        account=data.account,
        account_id=data.account_id,
        values=data.values,
        server=data.server,
        scopes=data.scopes,
        expires_at=data.expires_at,
        details=data.details,
        status=data.status,
        reason=data.reason,
        preferred_at=data.preferred_at,
        exclusive=data.exclusive,
    )


def of_pending(pending: Pending) -> bytes:
    key = pending.key
    return msgspec.msgpack.encode(
        _Pending(
            vendor=key.vendor,
            user=key.user,
            team=key.team,
            name=key.name,
            scheme=pending.scheme,
            redirect_uri=pending.redirect_uri,
            issuer=pending.issuer,
            verifier=pending.verifier and pending.verifier.reveal(),
            nonce=pending.nonce and pending.nonce.reveal(),
            scopes=pending.scopes,
            values=dict(pending.values),
            details=dict(pending.details),
            secrets=_revealed(pending.secrets),
        )
    )


def pending(plain: bytes, state: Secret, expires_at: float) -> Pending | None:
    """Decode a pending authorization; None if the bytes are something else."""
    data = _decoded(plain, _Pending)
    if data is None:
        return None
    named = {} if data.name is None else {"name": data.name}
    return Pending(
        state=state,
        expires_at=expires_at,
        key=ConnectionKey(vendor=data.vendor, user=data.user, team=data.team, **named),
        scheme=data.scheme,
        redirect_uri=data.redirect_uri,
        issuer=data.issuer,
        verifier=None if data.verifier is None else Secret(data.verifier),
        nonce=None if data.nonce is None else Secret(data.nonce),
        scopes=data.scopes,
        values=data.values,
        details=data.details,
        secrets=_hidden(data.secrets),
    )


def _revealed(secrets: Mapping[str, Secret]) -> dict[str, str]:
    return {name: secret.reveal() for name, secret in secrets.items()}


def _hidden(secrets: Mapping[str, str]) -> dict[str, Secret]:
    return {name: Secret(value) for name, value in secrets.items()}


def _decoded(plain: bytes, type_: type[T]) -> T | None:
    try:
        return msgspec.msgpack.decode(plain, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


unpacked = _decoded
"""Decode opened bytes as a type; None if they are something else. No traceback contains them."""
