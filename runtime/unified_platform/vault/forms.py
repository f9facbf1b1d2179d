"""Connections and pending authorizations as bytes to seal, and what those bytes are bound to.

This is where secrets are revealed. Nothing here raises while a revealed one is in reach of a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from unified_platform.vault.envelope import associated
from unified_platform.vault.records import ConnectionRecord, Kind, Pending, Place, Status
from unified_runtime.credentials import Secret


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


def owner_of(place: Place) -> tuple[str, str]:
    """The owner as the two columns of its table: what kind of owner, and its name."""
    if place.user is not None:
        return "user", place.user
    return ("team", place.team) if place.team is not None else ("", "")


def place_of(vendor: str, owner_kind: str, owner: str, name: str) -> Place:
    return Place(vendor=vendor, user=owner if owner_kind == "user" else None, team=owner if owner_kind == "team" else None, name=name)


def about_connection(vault: str, tenant: str, id: str, place: Place, version: int) -> bytes:
    """What a sealed connection is bound to: to whom it belongs, where it stands, and which of its versions it is."""
    return associated(vault, "connection", tenant, id, *owner_of(place), place.vendor, place.name, version)


def about_pending(vault: str, tenant: str, digest: str, expires_at: float) -> bytes:
    return associated(vault, "pending", tenant, digest, repr(expires_at))


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
        )
    )


def connection(plain: bytes, id: str, place: Place, version: int) -> ConnectionRecord | None:
    """The connection in opened bytes; None if they hold something else."""
    told = _decoded(plain, _Connection)
    if told is None:
        return None
    return ConnectionRecord(
        id=id,
        place=place,
        version=version,
        scheme=told.scheme,
        kind=told.kind,
        secrets=_hidden(told.secrets),
        created_at=told.created_at,
        updated_at=told.updated_at,
        username=told.username,
        account=told.account,
        account_id=told.account_id,
        values=told.values,
        server=told.server,
        scopes=told.scopes,
        expires_at=told.expires_at,
        details=told.details,
        status=told.status,
        reason=told.reason,
        preferred_at=told.preferred_at,
    )


def of_pending(pending: Pending) -> bytes:
    place = pending.place
    return msgspec.msgpack.encode(
        _Pending(
            vendor=place.vendor,
            user=place.user,
            team=place.team,
            name=place.name,
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
    """The pending authorization in opened bytes; None if they hold something else."""
    told = _decoded(plain, _Pending)
    if told is None:
        return None
    named = {} if told.name is None else {"name": told.name}
    return Pending(
        state=state,
        expires_at=expires_at,
        place=Place(vendor=told.vendor, user=told.user, team=told.team, **named),
        scheme=told.scheme,
        redirect_uri=told.redirect_uri,
        issuer=told.issuer,
        verifier=None if told.verifier is None else Secret(told.verifier),
        nonce=None if told.nonce is None else Secret(told.nonce),
        scopes=told.scopes,
        values=told.values,
        details=told.details,
        secrets=_hidden(told.secrets),
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
"""Opened bytes as a type; None if they are something else. What they hold is in no traceback."""
