"""Clients of a server as its limits see them: by their address, and whether they are authenticated."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

CONNECTION = "unified.connection"
"""The key of a request's connection in the `state` of its scope."""
TRACE = "unified.trace"
"""The key, in the same `state`, of the function that continues the trace which the request's headers name."""


def client_network(host: str) -> str:
    """Return the key under which a client's connections and requests are counted.

    An IPv4 address counts by itself. An IPv6 address counts as its /64 network, which one client has to itself (RFC 6177).
    IPv4-mapped addresses (`::ffff:192.0.2.1`) count as the IPv4 address. Other text is its own key.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))


def mark_authenticated(scope: Mapping[str, Any]) -> None:
    """Note that the client of a request is authenticated.

    Its request is not ended to make room, the application limits its time, and the trace that its headers name is continued.
    """
    state = scope.get("state", {})
    connection = state.get(CONNECTION)
    if connection is not None:
        connection.identified()
    continued = state.get(TRACE)
    if continued is not None:
        continued()
