"""A domain (`example.com`), in a field that holds the address of a website.

Law: `decode(encode(x)) == x` for a domain in small letters that does not begin with `www.`; others come back like that. `decode` reads
the host of whatever address people wrote, with a scheme or without.
"""

from __future__ import annotations

import re

from unified_runtime.codecs.errors import CodecError, unreadable

LOSSES: tuple[str, ...] = (
    "encode: capital letters and a leading www. are not kept",
    "decode: of the website's address only the domain is kept",
)

_DOMAIN = re.compile(r"(?!-)[^\s\x00-\x20\x7f/\\?#@:.\"'<>%_]+(\.[^\s\x00-\x20\x7f/\\?#@:.\"'<>%_]+)+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def encode(value: str) -> str:
    """The domain.

    Raises:
        CodecError: it is none, such as a whole address.
    """
    if not _DOMAIN.fullmatch(value) or len(value) > 253:
        raise CodecError(f"{value[:40]!r} is no domain, such as example.com")
    return _bare(value)


def decode(value: str) -> str:
    """The domain of the address; what names no host is given as it is.

    Raises:
        CodecError: it is no text.
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
