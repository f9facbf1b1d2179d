"""Settings of a broker: a TOML file, overridden by options of the command."""

from __future__ import annotations

import ipaddress
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from unified_platform.broker.limits import Limits
from unified_platform.common.retention import Retention, load_retention
from unified_platform.inbox.settings import Hook, Poll, Push
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean


class Issuer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Identity provider whose tokens agents may use.

    `audience` is the required audience of a token; one of several suffices. The agent's name is in the first present one of `agent_claims`.
    `users` and `teams` are those that an agent may act for with its own token, without a user's. Tokens must have the type `at+jwt` (RFC
    9068). `access_token_claims` is the exception for a provider whose access tokens have the type `JWT`: claims of which one is in each of
    its access tokens, and in none of its ID tokens.
    """

    issuer: str
    audience: tuple[str, ...]
    jwks_uri: str | None = None
    agent_claims: tuple[str, ...] = ("azp", "client_id")
    access_token_claims: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


class Login(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Identity provider for logins (OpenID Connect). `people` may log in, identified by `claim` of the ID token; `*` for all.

    An address counts only with `email_verified: true`. `assume_email_verified` is the exception for a provider that never sends that claim.
    """

    issuer: str
    client_id: str
    secret_env: str | None = None
    claim: str = "email"
    people: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    assume_email_verified: bool = False


class ConnectPages(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pages at `/connect` where users connect accounts by links; arguments of `unified_platform.web.Connect`."""

    name: str = "the application"
    logo: str | None = None
    vendors: tuple[str, ...] | None = None
    toolsets: tuple[str, ...] = ()
    return_origins: tuple[str, ...] = ()
    emulated: str | None = None
    """Address of a running emulator that is connected instead of the vendors."""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a broker. File paths are relative to the working directory of the command."""

    url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8320
    workers: int = 1
    vault: str | None = None
    vault_key: str | None = None
    tenant: str | None = None
    control: str | None = None
    audit_heads: str | None = None
    """Location outside the database where the audit log's heads are recorded: a file, another database, `stdout` or `none`.
    By default, a file in the user's data folder."""
    idempotency: str | None = None
    file_addresses: int = 0
    """Seconds for which signed addresses of files are valid. Without it, agents get handles of files only."""
    sagas: str | None = None
    """Store of submitted sagas: a path or `postgresql://…`. Without it, none are accepted.
    Their states are among the metrics."""
    programs: str | None = None
    """Store of paused and durable programs: a path or `postgresql://…`. Without it, agents cannot run programs here."""
    usage: str | None = None
    prices: str | None = None
    """File of a price table."""
    log: Literal["json", "console"] | None = None
    """Format of the log on standard error, with every call and events of the broker; no log by default."""
    metrics: str | None = None
    """Address of metrics for Prometheus: HOST:PORT of their own, or /metrics of the broker with a token."""
    metrics_token_env: str | None = None
    trace: Literal["calls", "vendors"] | None = None
    """Record spans of calls; with `vendors`, also send trace context to vendors."""
    redis: str | None = None
    inside: tuple[str, ...] = ()
    """Hosts of users' servers that may lie in a private network, such as `redmine.corp.example`."""
    agents: str | None = None
    policies: tuple[str, ...] = ()
    time_zone: str = "UTC"
    certificate: str | None = None
    certificate_key: str | None = None
    proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose forwarded client address is trusted."""
    shutdown_delay: float = 0
    """Seconds after SIGTERM in which the broker still accepts calls, while `/ready` returns 503."""
    drain: int = 30
    """Seconds that running calls may take when the broker stops."""
    limits: dict[str, float] = {}
    retention: dict[str, float] = {}
    """Days for which each store keeps its data, by store; otherwise those of the environment."""
    issuers: tuple[Issuer, ...] = ()
    login: Login | None = None
    connect: ConnectPages | None = None
    """Pages where users connect accounts; without it, there are none."""
    inbox: str | None = None
    hooks: tuple[Hook, ...] = ()
    polls: tuple[Poll, ...] = ()
    pushes: tuple[Push, ...] = ()

    @property
    def receives_events(self) -> bool:
        """True if the broker has an inbox."""
        return bool(self.inbox or self.hooks or self.polls or self.pushes)

    @property
    def address(self) -> str:
        """URL of the broker for people and agents."""
        scheme = "https" if self.certificate else "http"
        return (self.url or f"{scheme}://{self.host}:{self.port}").rstrip("/")

    def checked(self) -> Config:
        """Return the settings after checking them.

        Raises:
            InvalidInput: a setting is not valid.
        """
        self.bounds()
        self.retained()
        if self.issuers and self.agents is None:
            raise InvalidInput("agents that show an identity provider's token need agents = FILE, with what each may call")
        if self.issuers:
            from unified_platform.oauth.access_tokens import checked_evidence

            for issuer in self.issuers:
                checked_evidence(issuer.access_token_claims)
        if self.login is not None and self.login.assume_email_verified and self.login.claim != "email":
            raise InvalidInput(f"login.assume_email_verified has no effect: people are named by {self.login.claim!r} and not by 'email'")
        parts = urlsplit(self.address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise InvalidInput(f"url = {self.url!r} is not an address of a broker, such as https://broker.example.com")
        if (self.certificate is None) != (self.certificate_key is None):
            raise InvalidInput("TLS needs both certificate and certificate_key")
        for hook in self.hooks:
            if not hook.secret_env and not hook.register:
                raise InvalidInput(f"the hook {hook.name!r} has no secret: name its variables in secret_env, or set register = true")
        for proxy in self.proxies:
            if not _address(proxy):
                raise InvalidInput(f"proxies names {proxy!r}, which is not an address or network, such as 10.0.0.5 or 10.0.0.0/24")
        if self.file_addresses < 0:
            raise InvalidInput("file_addresses is a number of seconds, or 0 for none")
        if self.workers < 1 or self.drain < 0 or self.shutdown_delay < 0 or not 0 <= self.port < 65536:
            raise InvalidInput("workers must be at least 1, drain and shutdown_delay not negative, and port one that exists")
        if self.host not in {"127.0.0.1", "::1", "localhost"} and self.certificate is None and not self.proxies:
            raise InvalidInput(
                f"on {self.host}, keys would travel unencrypted: give certificate and certificate_key, or in proxies the addresses of "
                "those that end TLS before the broker"
            )
        return self

    def bounds(self) -> Limits:
        """Return the limits.

        Raises:
            InvalidInput: a limit does not exist, or its value is not valid.
        """
        known = Limits.__dataclass_fields__
        for name in self.limits:
            if name not in known:
                raise InvalidInput(f"there is no limit {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}")
        complete: dict[str, Any] = {
            name: int(value) if isinstance(known[name].default, int) else value for name, value in self.limits.items()
        }
        return Limits(**complete)

    def retained(self) -> Retention:
        """Return the retention of each store.

        Raises:
            InvalidInput: the store is unknown, or the number of days is not valid.
        """
        return load_retention(self.retention)


def _address(text: str) -> bool:
    """Return whether a text is an IP address or network, except the network of all addresses."""
    try:
        return ipaddress.ip_network(text).prefixlen > 0
    except ValueError:
        return False


def load(path: str | Path | None, **options: Any) -> Config:
    """Return the settings of a file, overridden by options.

    Raises:
        InvalidInput: the file cannot be read, or a setting is not valid.
    """
    data: dict[str, Any] = {}
    if path is not None:
        try:
            data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidInput(f"the broker's settings {path} cannot be read: {error.strerror}") from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InvalidInput(f"{path} is not TOML: {error}") from None
    for name in data:
        if name not in Config.__struct_fields__:
            raise InvalidInput(f"{path}: there is no setting {name!r}{did_you_mean(name, Config.__struct_fields__)}")
    try:
        found = msgspec.convert(data | {name: value for name, value in options.items() if value is not None}, Config)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{path or 'the options'}: {error}") from None
    return found.checked()
