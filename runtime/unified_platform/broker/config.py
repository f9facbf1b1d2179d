"""How a broker is set up: a TOML file, and options of the command that go before it."""

from __future__ import annotations

import ipaddress
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from unified_platform.broker.limits import Limits
from unified_platform.inbox.settings import Hook, Poll
from unified_runtime.errors import InvalidInput
from unified_runtime.suggest import did_you_mean


class Issuer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An identity provider whose tokens agents may show.

    `audience` is what such a token must be for; any of several. `agent_claims` are looked at in turn for the agent's name. `users` and
    `teams` are those for whom an agent may act that shows a token of its own, without a user's.
    """

    issuer: str
    audience: tuple[str, ...]
    jwks_uri: str | None = None
    agent_claims: tuple[str, ...] = ("azp", "client_id")
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


class Login(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The provider by which people log in (OpenID Connect). `people` are those who may, by `claim` of the ID token; `*` for all."""

    issuer: str
    client_id: str
    secret_env: str | None = None
    claim: str = "email"
    people: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("openid", "email", "profile")


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A broker's settings. Files are relative to where the command is run."""

    url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8320
    workers: int = 1
    vault: str | None = None
    vault_key: str | None = None
    tenant: str | None = None
    control: str | None = None
    ledger: str | None = None
    sagas: str | None = None
    """Where sagas are kept that agents hand in: a path or `postgresql://…`. Without it, none are taken.
    Their states are among the metrics."""
    usage: str | None = None
    prices: str | None = None
    """The file of a price table."""
    log: Literal["json", "console"] | None = None
    """Write every call, and what the broker has to say, to standard error."""
    metrics: str | None = None
    """Where Prometheus finds metrics: HOST:PORT of their own, or /metrics of the broker for those who show a token."""
    metrics_token_env: str | None = None
    trace: Literal["calls", "vendors"] | None = None
    """Make spans of calls; `vendors`: and send vendors the trace they belong to."""
    redis: str | None = None
    inside: tuple[str, ...] = ()
    """Hosts of users' servers that may lie in a private network, such as `redmine.corp.example`."""
    agents: str | None = None
    policies: tuple[str, ...] = ()
    time_zone: str = "UTC"
    certificate: str | None = None
    certificate_key: str | None = None
    proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose word about the client is taken."""
    drain: int = 30
    """Seconds that running calls have when the broker stops."""
    limits: dict[str, float] = {}
    issuers: tuple[Issuer, ...] = ()
    login: Login | None = None
    inbox: str | None = None
    hooks: tuple[Hook, ...] = ()
    polls: tuple[Poll, ...] = ()

    @property
    def address(self) -> str:
        """Where people and agents reach it."""
        scheme = "https" if self.certificate else "http"
        return (self.url or f"{scheme}://{self.host}:{self.port}").rstrip("/")

    def checked(self) -> Config:
        """The same.

        Raises:
            InvalidInput: a setting cannot be.
        """
        self.bounds()
        if self.issuers and self.agents is None:
            raise InvalidInput("agents that show an identity provider's token need agents = FILE, which says what each may call")
        parts = urlsplit(self.address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise InvalidInput(f"url = {self.url!r} is no address of a broker, such as https://broker.example.com")
        if (self.certificate is None) != (self.certificate_key is None):
            raise InvalidInput("TLS needs both certificate and certificate_key")
        for proxy in self.proxies:
            if not _address(proxy):
                raise InvalidInput(
                    f"proxies names {proxy!r}, which is no address such as 10.0.0.5 or 10.0.0.0/24: whose word is taken is said exactly"
                )
        if self.workers < 1 or self.drain < 0 or not 0 <= self.port < 65536:
            raise InvalidInput("workers must be at least 1, drain not negative, and port one that exists")
        if self.host not in {"127.0.0.1", "::1", "localhost"} and self.certificate is None and not self.proxies:
            raise InvalidInput(
                f"on {self.host}, keys would travel unencrypted: give certificate and certificate_key, or in proxies the addresses of "
                "those that end TLS before the broker"
            )
        return self

    def bounds(self) -> Limits:
        """Raises:
        InvalidInput: there is no such limit, or it is none.
        """
        known = Limits.__dataclass_fields__
        for name in self.limits:
            if name not in known:
                raise InvalidInput(f"there is no limit {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}")
        whole: dict[str, Any] = {name: int(value) if isinstance(known[name].default, int) else value for name, value in self.limits.items()}
        return Limits(**whole)


def _address(text: str) -> bool:
    """Whether a text is an address, or a network of them that is not all there are."""
    try:
        return ipaddress.ip_network(text).prefixlen > 0
    except ValueError:
        return False


def load(path: str | Path | None, **options: Any) -> Config:
    """The settings of a file, with options that were given in their place.

    Raises:
        InvalidInput: it cannot be read, or a setting is none.
    """
    data: dict[str, Any] = {}
    if path is not None:
        try:
            data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidInput(f"the broker's settings {path} cannot be read: {error.strerror}") from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InvalidInput(f"{path} is no TOML: {error}") from None
    for name in data:
        if name not in Config.__struct_fields__:
            raise InvalidInput(f"{path}: there is no setting {name!r}{did_you_mean(name, Config.__struct_fields__)}")
    try:
        found = msgspec.convert(data | {name: value for name, value in options.items() if value is not None}, Config)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{path or 'the options'}: {error}") from None
    return found.checked()
