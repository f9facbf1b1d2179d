"""Origins of URLs: comparison with the patterns that a vendor declares, and replacement by another server."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

Origin = tuple[str, str]
"""Scheme and host, with the port if the URL has one."""


def origin(url: str) -> Origin:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def moved(url: str, base: str, below: str = "") -> str:
    """Return a vendor's URL with scheme and host of the server that replaces it, such as a test double, and a path in front of its own."""
    parts, server = urlsplit(url), urlsplit(base)
    return parts._replace(scheme=server.scheme, netloc=server.netloc, path=below + parts.path).geturl().rstrip("/")


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


def hosts_of(declared: Mapping[str, str], own: str, given: Mapping[str, str] | None, template: str | None) -> dict[str, str]:
    """Return a connection's other hosts by name: as given, else on the server that replaces the vendor's own, else as declared.

    A path, `/`, is on the connection's own server. `template` is that of the vendor's own server if it is replaced. A path in front of
    its path is also that of the other hosts.
    """
    given = given or {}
    below = None if template is None else _in_front(urlsplit(own).path, urlsplit(template).path.rstrip("/"))
    return {
        name: given.get(name) or (url.rstrip("/") if below is None and not url.startswith("/") else moved(url, own, below or ""))
        for name, url in declared.items()
    }


def _in_front(path: str, vendors: str) -> str:
    return path.removesuffix(vendors) if path.endswith(vendors) else ""
