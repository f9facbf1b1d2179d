"""Codec of domains (`example.com`) in fields with the URL of a website.

Law: `decode(encode(x)) == x` for a domain in lower case that does not begin with `www.`; others are returned in this form. `decode`
returns the host of any URL that people have entered, with or without a scheme.
"""

from __future__ import annotations

import re

from unified_runtime.adapter_api.codecs.errors import CodecError, unreadable

LOSSES: tuple[str, ...] = (
    "encode: capital letters and a leading www. are lost",
    "decode: only the domain of the website's address is read",
)

_DOMAIN = re.compile(r"(?!-)[^\s\x00-\x20\x7f/\\?#@:.\"'<>%_]+(\.[^\s\x00-\x20\x7f/\\?#@:.\"'<>%_]+)+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def encode(value: str) -> str:
    """Return the domain.

    Raises:
        CodecError: it is not a domain, for example a complete URL.
    """
    if not _DOMAIN.fullmatch(value) or len(value) > 253:
        raise CodecError(f"{value[:40]!r} is not a domain such as example.com")
    return _bare(value)


def decode(value: str) -> str:
    """Return the domain of a URL; a string without a host is returned unchanged.

    Raises:
        CodecError: it is not a string.
    """
    if not isinstance(value, str):
        raise unreadable(value, "a website's address")
    address = _SCHEME.sub("", value.strip(), count=1)
    host = re.split(r"[/\\?#]", address, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    return _bare(host) or value


def _bare(host: str) -> str:
    lowered = host.lower()
    bare = lowered.removeprefix("www.")
    return bare if "." in bare else lowered
