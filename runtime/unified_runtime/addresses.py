"""Where requests may go besides the connection's own server: a vendor's other hosts, and addresses that answers give.

The credential goes to the hosts that a vendor declares for its operations, and to no address that came in an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from unified_runtime.errors import VendorProtocolError
from unified_runtime.messages import NOTHING, Applied

if TYPE_CHECKING:
    from unified_runtime.connections import Connection

Origin = tuple[str, str]
"""Scheme and host, with a port where one is named."""


def origin(url: str) -> Origin:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def moved(url: str, base: str) -> str:
    """A vendor's URL on the server that a connection names instead, such as a double for tests."""
    parts, server = urlsplit(url), urlsplit(base)
    return parts._replace(scheme=server.scheme, netloc=server.netloc).geturl().rstrip("/")


def matches(pattern: str, url: str) -> bool:
    """Whether an address lies at `https://host` or, with `https://*.domain`, on a host below that domain.

    Nothing that could be read as another host by somebody else passes: no user, no other port, no character outside of ASCII.
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
    """An address that the vendor gave, without its fragment.

    Raises:
        VendorProtocolError: it lies where the vendor does not declare to send anybody.
    """
    if not any(matches(pattern, url) for pattern in connection.addresses):
        place = "an address that is none" if len(url) > 4000 or not url.isascii() else repr(urlsplit(url).netloc[:100])
        raise VendorProtocolError(f"{what} to {place}, which is no host that {connection.vendor.title} is known to use")
    return urlsplit(url)._replace(fragment="").geturl()


_PLAIN = {b"accept", b"accept-encoding", b"user-agent"}


def headers_elsewhere(connection: Connection, url: str) -> list[tuple[bytes, bytes]]:
    """The headers for an address that an answer gave: nothing that is meant for the vendor's own server."""
    host = (b"Host", urlsplit(url).netloc.encode("ascii"))
    return [host, *(pair for pair in connection.headers if pair[0].lower() in _PLAIN)]


def place(host: str | None, address: str | None, connection: Connection) -> tuple[str, list[tuple[bytes, bytes]], Applied]:
    """The server of a request (or the address itself), its constant headers, and the credential that goes there."""
    if address is not None:
        url = check(address, connection, "an answer leads")
        return url, headers_elsewhere(connection, url), NOTHING
    if host is None:
        return connection.server, list(connection.headers), connection.credential
    server = connection.hosts[host]
    name = (b"Host", urlsplit(server).netloc.encode("ascii"))
    return server, [name, *(pair for pair in connection.headers if pair[0] != b"Host")], connection.credential


def hosts_of(declared: Mapping[str, str], own: str, given: Mapping[str, str] | None, replaced: bool) -> dict[str, str]:
    """A connection's other hosts: as given, or else on the server that replaces the vendor's own, or as declared."""
    given = given or {}
    return {name: given.get(name) or (moved(url, own) if replaced else url.rstrip("/")) for name, url in declared.items()}
