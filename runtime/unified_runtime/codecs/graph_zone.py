"""A time zone of Microsoft Graph, which answers with Windows names.

Law: `decode(encode(x)) == normalize(x)`: the IANA zone that stands for all those of a Windows zone.

Source: https://learn.microsoft.com/graph/api/resources/datetimetimezone, and CLDR's table of Windows zones.
"""

from __future__ import annotations

from unified_runtime.codecs import zones

LOSSES: tuple[str, ...] = (
    "encode: zones that Windows does not tell apart become one: Europe/Madrid reads as Europe/Paris",
    "decode: a zone that a mailbox made for itself keeps its name",
)


def encode(value: str) -> str:
    """The Windows name.

    Raises:
        CodecError: there is no such zone.
    """
    return zones.windows(value)


def decode(value: str) -> str:
    """The IANA name."""
    return zones.iana(value)


def normalize(value: str) -> str:
    """What is left of a zone."""
    return decode(encode(value))
