"""Normalization of the URLs of links."""

from __future__ import annotations

import re
from functools import lru_cache

MENTION = re.compile(r"(user|channel|group):([A-Za-z0-9!@#$%:.=_/+~-]+)")
"""URL of a mention: its kind, and an id."""
_COMMON = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]+)?(?:[/?#](?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?")


def canonical(href: str) -> str | None:
    """Return a URL as Markdown stores it: percent-encoded, its host in ASCII. None if Markdown rejects it as a link (`javascript:`)."""
    return href if _COMMON.fullmatch(href) or MENTION.fullmatch(href) else _normalized(href)


def normalized(href: str) -> str:
    """Return a URL as a Markdown parser returns it. That of a mention has the vendor's id, which must not be changed.

    Raises:
        ValueError: it is malformed.
    """
    from markdown_it.common.normalize_url import normalizeLink

    return href if MENTION.fullmatch(href) else normalizeLink(href)


@lru_cache(maxsize=256)
def _normalized(href: str) -> str | None:
    from markdown_it.common.normalize_url import normalizeLink, validateLink

    for _ in range(4):  # until encoding it again changes nothing
        try:
            found = normalizeLink(href)
        except (ValueError, UnicodeError):
            return None
        if found == href:
            return href if href and href.isascii() and href.isprintable() and " " not in href and validateLink(href) else None
        href = found
    return None
