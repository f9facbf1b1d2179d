"""Addresses of links."""

from __future__ import annotations

import re
from functools import lru_cache

MENTION = re.compile(r"(user|channel|group):([A-Za-z0-9!@#$%:.=_/+~-]+)")
"""The address of a mention: its kind, and an id."""
_COMMON = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]+)?(?:[/?#](?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?")


def canonical(href: str) -> str | None:
    """An address as Markdown keeps it: percent-encoded, its host in ASCII. None where Markdown refuses it as a link (`javascript:`)."""
    return href if _COMMON.fullmatch(href) or MENTION.fullmatch(href) else _normalized(href)


def normalized(href: str) -> str:
    """An address as a Markdown parser hands it on. That of a mention is the vendor's id, which no rule of addresses may change.

    Raises:
        ValueError: it is malformed.
    """
    from markdown_it.common.normalize_url import normalizeLink

    return href if MENTION.fullmatch(href) else normalizeLink(href)


@lru_cache(maxsize=256)
def _normalized(href: str) -> str | None:
    from markdown_it.common.normalize_url import normalizeLink, validateLink

    for _ in range(4):  # encoding once is not always encoding for good
        try:
            found = normalizeLink(href)
        except (ValueError, UnicodeError):
            return None
        if found == href:
            return href if href and href.isascii() and href.isprintable() and " " not in href and validateLink(href) else None
        href = found
    return None
