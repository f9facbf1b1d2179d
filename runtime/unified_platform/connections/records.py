"""Records of a vault: connections, and pending authorizations."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, NotConnected
from unified_runtime.core.shell_quoting import command

NAME = "default"
"""Name of a connection without a given name."""

ACCOUNT = "account"
"""Name of the detail with the account that was connected by OAuth."""


class Kind(StrEnum):
    """Kind of a connection's credential, which determines the names of its secrets.

    `OAUTH`: `access_token`, and `refresh_token` and `id_token` if the server returns them; others are internal to the flow.
    `BASIC`: `password`, with `username`. `BEARER`: `token`. `API_KEY`: the names of the vendor's scheme.
    """

    OAUTH = "oauth"
    BASIC = "basic"
    BEARER = "bearer"
    API_KEY = "api_key"


class Status(StrEnum):
    """State of a connection. `NEEDS_USER`: only the user can fix it, by reconnecting. `REVOKED`: revoked on purpose, without secrets."""

    ACTIVE = "active"
    NEEDS_USER = "needs_user"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionKey:
    """Unique key of a connection in its tenant: vendor, owner and name.

    It belongs to `user`, or to everyone in `team`, or, with neither, to no one in particular.
    """

    vendor: str
    user: str | None = None
    team: str | None = None
    name: str = NAME

    def __post_init__(self) -> None:
        if self.user is not None and self.team is not None:
            raise ValueError("a connection belongs to a user or to a team, not to both")

    def __str__(self) -> str:
        owner = f" of user {self.user!r}" if self.user is not None else f" of team {self.team!r}" if self.team is not None else ""
        return self.vendor + owner + (f", named {self.name!r}" if self.name != NAME else "")


def checked_connection_key(vendor: str, user: str | None, team: str | None, name: str = NAME) -> ConnectionKey:
    """Return a connection key from user input.

    Raises:
        InvalidInput: it has both a user and a team, or a name is empty or not printable.
    """
    if user is not None and team is not None:
        raise InvalidInput("a connection belongs to a user or to a team, not to both", vendor=vendor)
    for what, value in (("user", user), ("team", team), ("connection", name)):
        if value is not None and not (value.strip() and value.isprintable()):
            raise InvalidInput(f"the name of a {what} cannot be {value[:40]!r}", vendor=vendor)
    return ConnectionKey(vendor=vendor, user=user, team=team, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRecord:
    """One account at one vendor, with its secrets. It is sealed as one unit, with all secrets together.

    Attributes:
        id: result of `new_id`; it stays the same when the user reconnects.
        scheme: the vendor's security scheme with which the credential is sent.
        username: user name of a `BASIC` connection.
        account: the vendor's name of the account (an e-mail address, a workspace), for people.
        account_id: the vendor's own id of that user, which policies about own records compare with.
        values: connection values for the vendor's server (`site`, `cloud_id`, `workspace`), and defaults of calls through the connection.
        server: another URL than the vendor's own (Salesforce's `instance_url`, a self-hosted server).
        scopes: granted scopes.
        expires_at: time of expiry of the access token, in seconds since 1970; None if unknown.
        details: non-secret data of the flow (`issuer`, `client_id`, `token_type`).
        reason: reason why `status` is not active, for people.
        preferred_at: time when it was last made the default of its owner and vendor, in seconds since 1970; 0 for never.
        exclusive: only this installation writes with the account, see `Connection`. None in a record that is not stored yet: as in the
            previous connection of the same account, else not exclusive.
        created_at, updated_at: seconds since 1970; set by the vault.
        version: number of writes, from 1; set by the vault. 0 for a record that is not stored yet.
    """

    id: str
    key: ConnectionKey
    scheme: str
    kind: Kind
    secrets: Mapping[str, Secret]
    username: str | None = None
    account: str | None = None
    account_id: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    server: str | None = None
    scopes: tuple[str, ...] = ()
    expires_at: float | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    status: Status = Status.ACTIVE
    reason: str | None = None
    preferred_at: float = 0.0
    exclusive: bool | None = None
    created_at: float = 0.0
    updated_at: float = 0.0
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Pending authorization: data to check its response against. Stored under `state`, usable once.

    Attributes:
        state: `state` parameter; the store has only its SHA-256 in the clear.
        key: key of the future connection.
        redirect_uri: exactly as it was sent.
        issuer: authorization server that must respond (RFC 9207).
        verifier: PKCE code verifier.
        nonce: nonce that the ID token must contain.
        scopes: requested scopes.
        values: connection values given at the start.
        details: non-secret data of the flow.
        secrets: secret data of the flow (a DPoP key).
        expires_at: seconds since 1970, after which it can no longer be used.
    """

    state: Secret
    key: ConnectionKey
    scheme: str
    redirect_uri: str
    expires_at: float
    issuer: str | None = None
    verifier: Secret | None = None
    nonce: Secret | None = None
    scopes: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DamagedConnection:
    """Stored connection that cannot be used. `what` is for people and contains no secret."""

    connection_id: str
    key: ConnectionKey
    what: str


@dataclass(frozen=True, slots=True)
class ConnectionList:
    """Requested connections. One that is damaged does not prevent the others."""

    records: tuple[ConnectionRecord, ...]
    damaged: tuple[DamagedConnection, ...] = ()


def new_id() -> str:
    """Return an id for a new connection."""
    return uuid.uuid4().hex


def inactive_error(record: ConnectionRecord) -> NotConnected:
    """Return the error for a connection that only its user can fix, with the command to do so."""
    key = record.key
    what = "was revoked" if record.status is Status.REVOKED else "needs its user again"
    return NotConnected(
        f"the connection to {key} {what}{f': {record.reason}' if record.reason else ''}. Connect it with: {connect_command(key)}",
        vendor=key.vendor,
    )


def connect_command(key: ConnectionKey) -> str:
    """Return the shell command that connects this key."""
    name = key.name if key.name != "default" else None
    arguments = ["unified", "connect", key.vendor]
    for option, value in (("--user", key.user), ("--team", key.team), ("--name", name)):
        if value is not None:
            arguments += [option, value] if not value.startswith("-") else [f"{option}={value}"]
    return command(*arguments)
