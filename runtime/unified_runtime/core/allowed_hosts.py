"""Hosts that requests may be sent to: the connection's server, a vendor's other hosts, and allowed URLs in responses.

The credential is sent to the hosts that a vendor declares for its operations, and never to a URL from a response.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.messages import NO_CREDENTIAL, AppliedCredential

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection

Origin = tuple[str, str]
"""Scheme and host, with the port if the URL has one."""


def origin(url: str) -> Origin:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def moved(url: str, base: str) -> str:
    """Return a vendor's URL with scheme and host of the server that replaces it, such as a test double."""
    parts, server = urlsplit(url), urlsplit(base)
    return parts._replace(scheme=server.scheme, netloc=server.netloc).geturl().rstrip("/")


def matches(pattern: str, url: str) -> bool:
    """Return true if a URL has the origin `https://host` or, with `https://*.domain`, a host below that domain.

    URLs that another parser could read differently do not match: those with a user, another port or characters outside ASCII.
    """
    scheme, _, host = pattern.partition("://")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != scheme or "@" in parts.netloc:
        return False
    if not host.startswith("*."):
        return parts.netloc.lower() == host
    name = parts.hostname or ""
    return port is None and name.endswith(host[1:]) and len(name) > len(host) - 1


def check(url: str, connection: Connection, what: str) -> str:
    """Return a URL from a response, without its fragment.

    Raises:
        VendorProtocolError: its host is not one that the vendor declares.
    """
    if not any(matches(pattern, url) for pattern in connection.addresses):
        host = "an address that is none" if len(url) > 4000 or not url.isascii() else repr(urlsplit(url).netloc[:100])
        raise VendorProtocolError(f"{what} to {host}, which is not a known host of {connection.vendor.title}")
    return urlsplit(url)._replace(fragment="").geturl()


_PLAIN = {b"accept", b"accept-encoding", b"user-agent"}


def headers_elsewhere(connection: Connection, url: str) -> list[tuple[bytes, bytes]]:
    """Return the headers for a URL from a response, without those that are only for the vendor's own server."""
    host = (b"Host", urlsplit(url).netloc.encode("ascii"))
    return [host, *(pair for pair in connection.headers if pair[0].lower() in _PLAIN)]


def destination(host: str | None, address: str | None, connection: Connection) -> tuple[str, list[tuple[bytes, bytes]], AppliedCredential]:
    """Return the server of a request (or the URL from a response), its constant headers, and the credential to send."""
    if address is not None:
        url = check(address, connection, "a response leads")
        return url, headers_elsewhere(connection, url), NO_CREDENTIAL
    if host is None:
        return connection.server, list(connection.headers), connection.credential
    server = connection.hosts[host]
    name = (b"Host", urlsplit(server).netloc.encode("ascii"))
    return server, [name, *(pair for pair in connection.headers if pair[0] != b"Host")], connection.credential


def hosts_of(declared: Mapping[str, str], own: str, given: Mapping[str, str] | None, replaced: bool) -> dict[str, str]:
    """Return a connection's other hosts by name: as given, else on the server that replaces the vendor's own, else as declared."""
    given = given or {}
    return {name: given.get(name) or (moved(url, own) if replaced else url.rstrip("/")) for name, url in declared.items()}
