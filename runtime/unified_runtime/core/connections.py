"""Connections: a vendor, a credential and the connection values, validated once."""

from __future__ import annotations

import base64
import copy
import math
import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from unified_runtime.core.applied_credentials import AppliedCredential
from unified_runtime.core.credentials import Credential, Secret
from unified_runtime.core.descriptions import Descriptions
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.origins import hosts_of, origin
from unified_runtime.core.owners import TENANT
from unified_runtime.core.suggestions import did_you_mean, shortened
from unified_runtime.core.vendors import KeyLocation, Scheme, Vendor

_HOST_LABELS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\Z")
"""Valid labels of a host name (RFC 1123): no character ends the host or begins a path, port or user."""

_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+\Z")
_PLACEHOLDER = re.compile(r"\{(?:connection\.)?([A-Za-z_][A-Za-z0-9_]*)\}")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Renewal(Protocol):
    """Renews the credential of the connections that have it as their `renewal`."""

    def renew(self, connection: Connection, *, rejected: bool) -> Connection:
        """Return the connection with a credential that is valid now.

        It is called from `connection.renew_at` on, and once for each request that the vendor rejected as unauthorized (`rejected`).
        Returning the same object means that there is no other credential.

        Raises:
            UnifiedError: the renewal failed: `NotConnected` if the user must connect again, `Unavailable` if the failure is temporary.
        """
        ...

    async def arenew(self, connection: Connection, *, rejected: bool) -> Connection:
        """Async version of `renew`."""
        ...


class Connection:
    """Connection to one account at one vendor. `server` is the base URL of its requests, without a trailing slash.

    `hosts` are the vendor's other servers by name, to which the credential is sent too; `addresses` are the patterns of hosts that URLs
    in responses may have, to which it is not sent. `inside`: the caller named the server itself, which may then be in a private network.
    `account_id` is the vendor's id of the account's user, for policies about their records; `account` is the display name of the account,
    such as an email address. A connection from a source has the `id` and `version` of that source, and a shared one has a `team` instead
    of a user. `tenant` is that of the client's source: users with equal names in two tenants are two people. `exclusive`: only this
    installation writes with the account, each write under an idempotency key and through one store (see docs/explanation/reliability.md).
    From `renew_at` on (seconds since 1970), `renewal` renews the credential before a request is sent.
    """

    __slots__ = (
        "__weakref__",
        "account",
        "account_id",
        "addresses",
        "credential",
        "descriptions",
        "exclusive",
        "headers",
        "hosts",
        "id",
        "inside",
        "name",
        "origin",
        "renew_at",
        "renewal",
        "scheme",
        "secrets",
        "server",
        "team",
        "tenant",
        "user",
        "values",
        "vendor",
        "version",
    )

    def __init__(
        self,
        vendor: Vendor,
        credential: Credential,
        values: Mapping[str, str],
        *,
        user: str | None = None,
        scheme: str | None = None,
        server: str | None = None,
        hosts: Mapping[str, str] | None = None,
        account_id: str | None = None,
        account: str | None = None,
        team: str | None = None,
        name: str | None = None,
        id: str | None = None,
        version: int = 0,
        renewal: Renewal | None = None,
        renew_at: float = math.inf,
        tenant: str = TENANT,
        exclusive: bool = False,
    ) -> None:
        self.vendor = vendor
        self.user = user
        self.exclusive = exclusive
        self.account_id = account_id
        self.account = account
        self.team = team
        self.tenant = tenant
        self.name = name
        self.id = id
        self.version = version
        self.renewal = renewal
        self.renew_at = renew_at
        if server is not None and "server" in vendor.connection:  # the vendor's document names no server
            values = {"server": server, **values}
        self.values = check_values(vendor, values)
        self.descriptions = Descriptions()
        name = _scheme_for(vendor, credential, scheme)
        self.scheme = name
        self.credential = _apply(vendor, vendor.schemes[name], credential)
        self.secrets = self.credential.secrets
        self.server = _own_server(vendor, server) if server is not None else _server(vendor, name, self.values)
        self.inside = server is not None or bool(hosts) or server_template(vendor, name, self.values).startswith("{")
        parts = urlsplit(self.server)
        self.origin = (parts.scheme, parts.netloc)
        self.hosts, self.addresses = _elsewhere(
            vendor, self.server, hosts, template=server_template(vendor, name) if server is not None else None
        )
        self.headers = constant_headers(vendor, parts.netloc, {"origin": f"{parts.scheme}://{parts.netloc}", **self.values})

    def with_secrets(self, secrets: tuple[Secret, ...]) -> Connection:
        """Return the same connection, for one call whose input has secrets: they are redacted like those of the credential."""
        made = copy.copy(self)
        made.credential = self.credential.with_secrets(secrets)
        made.secrets = made.credential.secrets
        made.renewal = None if self.renewal is None else _RenewalWithSecrets(self.renewal, secrets)
        return made

    def __repr__(self) -> str:
        parts = [self.vendor.name, getattr(self, "server", "?")]  # a traceback may show an instance whose __init__ failed
        parts += [f"{attribute}={value!r}" for attribute in ("user", "team", "name") if (value := getattr(self, attribute)) is not None]
        return f"Connection({', '.join(parts)})"


class _RenewalWithSecrets:
    """Renewal of a connection for one call whose input has secrets."""

    def __init__(self, renewal: Renewal, secrets: tuple[Secret, ...]) -> None:
        self._renewal = renewal
        self._secrets = secrets

    def renew(self, connection: Connection, *, rejected: bool) -> Connection:
        return self._renewed(connection, self._renewal.renew(connection, rejected=rejected))

    async def arenew(self, connection: Connection, *, rejected: bool) -> Connection:
        return self._renewed(connection, await self._renewal.arenew(connection, rejected=rejected))

    def _renewed(self, old: Connection, new: Connection) -> Connection:
        return old if new is old else new.with_secrets(self._secrets)


def constant_headers(vendor: Vendor, host: str, values: Mapping[str, str]) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of every request to the vendor, without the credential's. `values` are those of the connection, and `origin`.

    A header with a value that the connection does not have is not sent.

    Raises:
        InvalidInput: a value is not valid in a header.
    """
    headers = {"Host": host, "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "unified-apis"}
    for name, value in vendor.headers.items():
        headers = {key: text for key, text in headers.items() if key.lower() != name.lower()}
        if all(placeholder in values for placeholder in _PLACEHOLDER.findall(value)):
            headers[name] = _PLACEHOLDER.sub(lambda match: _header_value(vendor, match[1], values[match[1]]), value)
    return tuple((name.encode("ascii"), value.encode("ascii")) for name, value in headers.items())


def _header_value(vendor: Vendor, name: str, value: str) -> str:
    """Return a connection value for a header, after checking that it is visible ASCII and cannot end the header (RFC 9110, section 5.5)."""
    if not value.isascii() or not value.isprintable():
        raise InvalidInput(f"{name} {shortened(value)} cannot be part of a header that {vendor.title} is sent", vendor=vendor.name)
    return value


def check_values(vendor: Vendor, values: Mapping[str, str], *, partial: bool = False) -> dict[str, str]:
    """Return the connection's values, after checking that the vendor declares each and that it matches its pattern.

    Raises:
        InvalidInput: a value is unknown, does not match its pattern, or is missing and `partial` is false.
    """
    for name in values:
        if name not in vendor.connection:
            known = ", ".join(vendor.connection) or "none"
            raise InvalidInput(
                f"{vendor.title} has no connection value {name!r}{did_you_mean(name, vendor.connection)}; it accepts: {known}",
                vendor=vendor.name,
            )
    checked = {}
    for name, declared in vendor.connection.items():
        value = values.get(name)
        if value is None:
            if declared.required and not partial:
                summary = declared.summary.rstrip(".")
                raise InvalidInput(
                    f"connecting {vendor.title} needs {name}: {summary}. On the command line: -c {name}=…", vendor=vendor.name
                )
            continue
        if not isinstance(value, str) or not value:
            raise InvalidInput(f"{name} of a {vendor.title} connection must be text, not {shortened(value)}", vendor=vendor.name)
        if declared.pattern is not None and not re.fullmatch(declared.pattern, value):
            raise InvalidInput(
                f"{name} {shortened(value)} of a {vendor.title} connection is not of the form {declared.pattern}: {declared.summary}",
                vendor=vendor.name,
            )
        checked[name] = value
    return checked


def server_template(vendor: Vendor, scheme: str | None, values: Mapping[str, str] | None = None) -> str:
    """Return the URL template of a scheme: the first preferred one whose values a connection has, else that of all connections."""
    if values:
        preferred = vendor.preferred.get(scheme or "default") or vendor.preferred.get("default", ())
        given = values.keys()
        found = next((template for template in preferred if given >= set(_PLACEHOLDER.findall(template))), None)
        if found is not None:
            return found
    if scheme is not None and scheme in vendor.servers:
        return vendor.servers[scheme]
    if "default" in vendor.servers:
        return vendor.servers["default"]
    return next(iter(vendor.servers.values()))


def planned_server(vendor: Vendor, scheme: str | None, values: Mapping[str, str]) -> str:
    """Return the server of a plan without a connection: values that are not given are `{name}`.

    Raises:
        InvalidInput: a value cannot be part of the address.
    """
    template = server_template(vendor, scheme, values)

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        return _server_part(vendor, template, match, values[name]) if name in values else f"{{{name}}}"

    return _PLACEHOLDER.sub(fill, template).rstrip("/")


def _server(vendor: Vendor, scheme: str, values: Mapping[str, str]) -> str:
    template = server_template(vendor, scheme, values)

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        value = values.get(name)
        if value is None:
            raise InvalidInput(
                f"connecting {vendor.title} with {scheme} needs {name}: {vendor.connection[name].summary}", vendor=vendor.name
            )
        return _server_part(vendor, template, match, value)

    return _own_server(vendor, _PLACEHOLDER.sub(fill, template))


def _server_part(vendor: Vendor, template: str, match: re.Match[str], value: str) -> str:
    """Return a value for its part of a server's address, after checking that it cannot leave that part."""
    if match.start() == 0:
        return _own_server(vendor, value)
    in_host = template[: match.start()].count("/") < 3
    pattern = _HOST_LABELS if in_host else _SEGMENT
    if not pattern.match(value) or value in {".", ".."}:
        part = "host name" if in_host else "URL path"
        raise InvalidInput(f"{match[1]} {shortened(value)} cannot be part of {vendor.title}'s {part}: {template}", vendor=vendor.name)
    return value


def _own_server(vendor: Vendor, url: str) -> str:
    """Return a server that is given as a complete URL, after checking it: HTTPS, or plain HTTP only on this machine."""
    parts = urlsplit(url)
    wrong = None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        wrong = "it is not an http(s) URL"
    elif parts.username is not None or parts.query or parts.fragment:
        wrong = "it must not contain a user, query or fragment"
    elif any(character <= " " or character in "\\\x7f" or character > "~" for character in url):
        wrong = "it contains a character that no URL may hold"
    elif parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        wrong = "a credential would travel unencrypted: use https"
    if wrong is not None:
        raise InvalidInput(f"{shortened(url)} cannot be {vendor.title}'s server: {wrong}", vendor=vendor.name)
    return url.rstrip("/")


ADDRESSES = "addresses"
"""Name in the `hosts` of a connection of the server that URLs in responses have (upload sessions, downloads)."""


def _elsewhere(
    vendor: Vendor, server: str, given: Mapping[str, str] | None, *, template: str | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the vendor's other servers, and the patterns of hosts that URLs in responses may have.

    If the connection replaces the vendor's server (`template`), it replaces these too: responses of a test double have URLs on the double.

    Raises:
        InvalidInput: a host is given that the vendor does not have, or whose URL is not valid.
    """
    if not (vendor.api_hosts or vendor.transfer_hosts or given):
        return {}, ()
    known = (*vendor.api_hosts, ADDRESSES)
    for name in given or {}:
        if name not in known:
            raise InvalidInput(f"{vendor.title} has no host {name!r}; it has {', '.join(known)}", vendor=vendor.name)
    own = {name: _own_server(vendor, url) for name, url in (given or {}).items()}
    hosts = hosts_of(vendor.api_hosts, server, own, template)
    if template is None and ADDRESSES not in own:
        return hosts, vendor.transfer_hosts
    urls = [own[ADDRESSES]] if ADDRESSES in own else [server, *hosts.values()]
    return hosts, tuple(dict.fromkeys("://".join(origin(url)) for url in urls))


def _scheme_for(vendor: Vendor, credential: Credential, wanted: str | None) -> str:
    if wanted is not None:
        if wanted not in vendor.schemes:
            raise InvalidInput(f"{vendor.title} has no scheme {wanted!r}; it has {', '.join(vendor.schemes)}", vendor=vendor.name)
        if vendor.schemes[wanted].kind != credential.kind:
            raise InvalidInput(
                f"{vendor.title}'s scheme {wanted} needs a {vendor.schemes[wanted].kind} credential, not {credential.kind}",
                vendor=vendor.name,
            )
        return wanted
    fitting = [name for name, scheme in vendor.schemes.items() if scheme.kind == credential.kind]
    if not fitting:
        kinds = ", ".join(sorted({scheme.kind for scheme in vendor.schemes.values()})) or "none"
        raise InvalidInput(f"{vendor.title} does not accept {credential.kind} credentials; it accepts: {kinds}", vendor=vendor.name)
    if len(fitting) > 1:
        fitting = _in_headers(vendor, _by_keys(vendor, credential, fitting) or fitting)
        # Schemes that are sent alike to the same server (an OAuth token and a personal one) are equivalent here.
        fitting = list({(vendor.schemes[name], server_template(vendor, name)): name for name in reversed(fitting)}.values())[::-1]
    if len(fitting) > 1:
        raise InvalidInput(
            f"{vendor.title} has several such schemes, select one: scheme={' or '.join(map(repr, fitting))}", vendor=vendor.name
        )
    return fitting[0]


def _by_keys(vendor: Vendor, credential: Credential, names: list[str]) -> list[str]:
    """Return the API-key schemes that have the given keys. The key of a scheme with only one needs no name."""
    given = set(credential.secrets)
    wanted = {name: {key.secret for key in vendor.schemes[name].keys} for name in names}
    return [name for name in names if wanted[name] == given or (given == {""} and len(wanted[name]) == 1)]


def _in_headers(vendor: Vendor, names: list[str]) -> list[str]:
    """Return the schemes that do not send the secret in the URL, which servers and proxies log; all schemes if there are none."""
    return [name for name in names if all(key.location == "header" for key in vendor.schemes[name].keys)] or names


def _apply(vendor: Vendor, scheme: Scheme, credential: Credential) -> AppliedCredential:
    secrets = tuple(credential.secrets.values())
    if scheme.kind == "basic":
        pair = base64.b64encode(f"{credential.username}:{credential.secrets['password'].reveal()}".encode())
        return AppliedCredential(((b"Authorization", b"Basic " + pair),), secrets=(*secrets, Secret(pair.decode("ascii"))))
    if scheme.kind == "bearer":
        prefix = b"Bearer " if credential.prover is None else b"DPoP "
        token = _ascii(vendor, credential.secrets["token"])
        return AppliedCredential(((b"Authorization", prefix + token),), secrets=secrets, prover=credential.prover)
    headers = []
    query = []
    for key in scheme.keys:
        secret = _key_secret(vendor, scheme, key, credential)
        if key.location == "header":
            headers.append((key.name.encode("ascii"), key.prefix.encode("ascii") + _ascii(vendor, secret)))
        else:
            query.append((key.name, key.prefix + secret.reveal()))
    return AppliedCredential(tuple(headers), tuple(query), secrets)


def _key_secret(vendor: Vendor, scheme: Scheme, key: KeyLocation, credential: Credential) -> Secret:
    wanted = {part.secret for part in scheme.keys}
    if set(credential.secrets) == {""} and len(wanted) == 1:
        return credential.secrets[""]
    if set(credential.secrets) != wanted:
        call = ", ".join(f"{name}=…" for name in sorted(wanted))
        raise InvalidInput(f"{vendor.title} needs {' and '.join(sorted(wanted))}: api_key({call})", vendor=vendor.name)
    return credential.secrets[key.secret]


def _ascii(vendor: Vendor, secret: Secret) -> bytes:
    try:
        return secret.reveal().encode("ascii")
    except UnicodeEncodeError:
        pass
    # Raised outside the handler: the encoding error contains the secret.
    raise InvalidInput(f"the credential for {vendor.title} holds a character that no header can carry", vendor=vendor.name)
