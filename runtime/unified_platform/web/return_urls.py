"""Check of the addresses that users are sent back to: only pages of the application."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import shortened


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def check_return_url(url: str, origins: Collection[str]) -> str:
    """Return the address of a page of the application: a path, or a URL of one of the origins.

    Raises:
        InvalidInput: it is another address, or one that browsers read differently.
    """
    # Browsers remove tabs and line breaks, and read a backslash as a slash (URL Standard, section 4.4).
    plain = url.isprintable() and not set(url) & set("\\ ")
    if plain and url.startswith("/") and not url.startswith("//"):
        return url
    try:
        parts = urlsplit(url)
        within = plain and parts.scheme in {"http", "https"} and parts.username is None and origin_of(url) in origins
    except ValueError:
        within = False
    if within:
        return url
    raise InvalidInput(f"{shortened(url)} is not a page of this application", fields={"return_to": "is not a page of this application"})
