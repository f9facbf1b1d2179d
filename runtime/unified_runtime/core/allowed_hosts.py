"""Hosts that requests may be sent to: the connection's server, a vendor's other hosts, and allowed URLs in responses.

The credential is sent to the hosts that a vendor declares for its operations, and never to a URL from a response.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from unified_runtime.core.applied_credentials import NO_CREDENTIAL, AppliedCredential
from unified_runtime.core.connections import Connection
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.origins import matches


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
