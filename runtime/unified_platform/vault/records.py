"""What a vault keeps: connections, and authorizations that were started and are not finished."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput

NAME = "default"
"""What a connection is called that was given no name."""


class Kind(StrEnum):
    """How a connection came to its secrets, and so what they are called.

    `OAUTH`: `access_token`, and as the server gives them `refresh_token` and `id_token`; further ones are the flow's own.
    `BASIC`: `password`, beside `username`. `BEARER`: `token`. `API_KEY`: the names of the vendor's scheme.
    """

    OAUTH = "oauth"
    BASIC = "basic"
    BEARER = "bearer"
    API_KEY = "api_key"


class Status(StrEnum):
    """`NEEDS_USER`: only the user can mend it, by connecting again. `REVOKED`: it was ended on purpose, and its secrets are gone."""

    ACTIVE = "active"
    NEEDS_USER = "needs_user"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a connection stands in its tenant; no two stand in the same place.

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


def checked_place(vendor: str, user: str | None, team: str | None, name: str = NAME) -> Place:
    """A place as somebody asks for it.

    Raises:
        InvalidInput: it is of a user and of a team, or a name is empty or cannot be printed.
    """
    if user is not None and team is not None:
        raise InvalidInput("a connection belongs to a user or to a team, not to both", vendor=vendor)
    for what, value in (("user", user), ("team", team), ("connection", name)):
        if value is not None and not (value.strip() and value.isprintable()):
            raise InvalidInput(f"the name of a {what} cannot be {value[:40]!r}", vendor=vendor)
    return Place(vendor=vendor, user=user, team=team, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRecord:
    """One account at one vendor, with its secrets. It is sealed whole, all secrets together.

    Attributes:
        id: made by `new_id`; it stays when the user connects again.
        scheme: the vendor's security scheme by which the credential is sent.
        username: of a `BASIC` connection.
        account: what the vendor calls the account (an e-mail address, a workspace), for people to recognise it.
        account_id: the vendor's own id of that user, which policies about own records compare with.
        values: what the vendor's server needs (`site`, `cloud_id`, `workspace`), the defaults of calls through the connection.
        server: another URL than the vendor's own (Salesforce's `instance_url`, a self-hosted server).
        scopes: those that were granted.
        expires_at: when the access token ends, in seconds since 1970; None if it is not known to.
        details: what a flow wants to find again, none of it secret (`issuer`, `client_id`, `token_type`).
        reason: why `status` is not active, for people.
        preferred_at: when it was last made the default of its owner and vendor, in seconds since 1970; 0 for never.
        created_at, updated_at: seconds since 1970; the vault writes them.
        version: counts the writes from 1; the vault writes it. 0 for a record that is not stored yet.
    """

    id: str
    place: Place
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
    created_at: float = 0.0
    updated_at: float = 0.0
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An authorization that was started: what its answer is checked against. Kept under `state`, taken once.

    Attributes:
        state: the `state` parameter; the store keeps its SHA-256 alone in the clear.
        place: where the connection will stand.
        redirect_uri: exactly as it was sent.
        issuer: the authorization server that must answer (RFC 9207).
        verifier: the PKCE code verifier.
        nonce: what the ID token must repeat.
        scopes: those that were asked for.
        values: the connection values given at the start.
        details: what a flow wants to find again, none of it secret.
        secrets: what it wants to find again and is (a DPoP key).
        expires_at: seconds since 1970, after which it can no longer be taken.
    """

    state: Secret
    place: Place
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
class Damage:
    """A stored connection that cannot be used. `what` is for people and holds no secret."""

    connection_id: str
    place: Place
    what: str


@dataclass(frozen=True, slots=True)
class Found:
    """The connections that were asked for. One that is damaged does not keep the others away."""

    records: tuple[ConnectionRecord, ...]
    damaged: tuple[Damage, ...] = ()


def new_id() -> str:
    """An id for a new connection."""
    return uuid.uuid4().hex
