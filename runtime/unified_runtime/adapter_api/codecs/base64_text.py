"""Codec of texts in Base64 (RFC 4648, section 4), as in the contents of repositories.

Law: `decode(encode(x)) == x`. Line breaks in the Base64 are ignored.
"""

from __future__ import annotations

import base64
import binascii

from unified_runtime.adapter_api.codecs.errors import CodecError, unreadable

LOSSES: tuple[str, ...] = ("decode: bytes that are not UTF-8, such as those of an image, become U+FFFD",)


def encode(value: str) -> str:
    """Return the Base64 of a text in UTF-8.

    Raises:
        CodecError: it contains half of a surrogate pair.
    """
    try:
        return base64.b64encode(value.encode()).decode("ascii")
    except UnicodeEncodeError:
        raise CodecError("the text contains half of a surrogate pair, which UTF-8 cannot encode") from None


def decode(value: str) -> str:
    """Return the text of a Base64 in UTF-8.

    Raises:
        CodecError: it is not Base64.
    """
    if not isinstance(value, str):
        raise unreadable(value, "Base64")
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        raise unreadable(value, "Base64") from None
