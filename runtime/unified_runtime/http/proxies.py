"""Proxies that the environment configures."""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment (`HTTPS_PROXY`, `NO_PROXY` and others) configures for a server; on macOS and Windows, the
    system's."""
    if sys.platform not in ("darwin", "win32") and not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    import urllib.request  # imports http.client; called once for each server

    parts = urlsplit(url)
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or (parts.hostname and urllib.request.proxy_bypass(parts.netloc.rpartition("@")[2])):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def check_proxied_address(server: str, *, inside: bool) -> None:
    """Check a server behind a proxy, if its host is an address. Only the proxy knows the address of a name.

    Raises:
        TransportFailure: it must not be connected to.
    """
    from unified_runtime.http.ssrf import blocked, blocked_reason

    host = urlsplit(server).hostname or ""
    if (reason := blocked_reason(host, inside=inside)) is not None:
        raise blocked(host, reason)
