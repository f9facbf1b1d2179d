"""Which networks requests may reach, by whose server it is.

Private addresses and this machine are reached where the caller gave the server itself (a self-hosted tracker), and never under a vendor's
own name. `keep_outside` narrows that for a process that takes servers from its users. `transports.watching` sees to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from unified_runtime.errors import InvalidInput

hosts: frozenset[str] | None = None
"""The hosts that may lie inside, where `keep_outside` was called; None, where servers that callers give may."""


def keep_outside(*, but: Iterable[str] = ()) -> None:
    """From now on, let this process's own transports reach public addresses alone, and the hosts named here.

    For servers and brokers, whose users say where their trackers are. A transport or client of httpx2 that a caller gave keeps to its own
    settings, and what goes through a proxy is for the proxy to judge.

    Args:
        but: host names as they stand in servers (`redmine.corp.example`), which may lead to private addresses and this machine.

    Raises:
        InvalidInput: one is no host name.
    """
    global hosts
    named = frozenset(host.lower() for host in but)
    for host in named:
        if not host or set(host) & set("/@: *"):
            raise InvalidInput(f"{host!r} is no host name such as redmine.corp.example")
    hosts = named


def anywhere() -> None:
    """Undo `keep_outside`."""
    global hosts
    hosts = None


def may_lie_inside(server: str, given: bool) -> bool:
    """Whether a server may have a private address. `given`: the caller named it, it is not the vendor's own."""
    if hosts is None:
        return given
    return _host(server) in hosts


@lru_cache(maxsize=1024)
def _host(server: str) -> str:
    return urlsplit(server).hostname or ""
