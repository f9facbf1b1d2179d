"""Codec of time zones in Microsoft Graph, which returns Windows names.

Law: `decode(encode(x)) == normalize(x)`: the IANA zone that represents all those of a Windows zone.

Source: https://learn.microsoft.com/graph/api/resources/datetimetimezone, and CLDR's table of Windows zones.
"""

from __future__ import annotations

from unified_runtime.adapter_api.codecs import zones

LOSSES: tuple[str, ...] = (
    "encode: zones that Windows does not distinguish become one: Europe/Madrid reads as Europe/Paris",
    "decode: a zone that a mailbox made for itself keeps its name",
)


def encode(value: str) -> str:
    """Return the Windows name.

    Raises:
        CodecError: the time zone does not exist.
    """
    return zones.windows(value)


def decode(value: str) -> str:
    """Return the IANA name."""
    return zones.iana(value)


def normalize(value: str) -> str:
    """Return a zone as it is after writing it and reading it back."""
    return decode(encode(value))
