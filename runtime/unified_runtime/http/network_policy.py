"""Network policy: decides which networks requests may connect to, by who gave the URL of the server.

Private addresses and this machine are allowed if the caller gave the server (a self-hosted tracker), and never under a vendor's own name.
`block_private_networks` restricts this for a process whose users give the servers. `http.ssrf` enforces it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from unified_runtime.core.errors import InvalidInput

hosts: frozenset[str] | None = None
"""Hosts, optionally with a port, that may be in private networks after `block_private_networks`; None: all servers given by callers may."""


def block_private_networks(*, but: Iterable[str] = ()) -> None:
    """From now on, allow this process's default transports to connect only to public addresses and the hosts named here.

    For servers and brokers whose users choose the tracker's URL. A transport or client of httpx2 given by a caller uses its own settings,
    and requests through a proxy are for the proxy to check.

    Args:
        but: host names as in server URLs, which may lead to private addresses and this machine: `redmine.corp.example` at the default
            port of each scheme and all others, `redmine.corp.example:3000` at this port only.

    Raises:
        InvalidInput: an entry is not a host name, with a port or without.
    """
    global hosts
    named = frozenset(host.lower() for host in but)
    for host in named:
        name, colon, port = host.partition(":")
        if not name or set(name) & set("/@ *") or (colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536)):
            raise InvalidInput(f"{host!r} is not a host name. Use redmine.corp.example, or redmine.corp.example:3000 for one port only")
    hosts = named


def anywhere() -> None:
    """Undo `block_private_networks`."""
    global hosts
    hosts = None


def may_lie_inside(server: str, given: bool) -> bool:
    """Return True if a server may have a private address. `given`: the caller gave its URL; it is not the vendor's own."""
    if hosts is None:
        return given
    host, port = _host_and_port(server)
    return host in hosts or f"{host}:{port}" in hosts


@lru_cache(maxsize=1024)
def _host_and_port(server: str) -> tuple[str, int]:
    parts = urlsplit(server)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
