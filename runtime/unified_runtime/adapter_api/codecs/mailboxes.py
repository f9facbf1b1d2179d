"""Mailboxes in headers of emails: names and addresses (RFC 5322), and encoded words in their names (RFC 2047).

Nothing here fails: anybody can send an email with an invalid header.

Source: https://www.rfc-editor.org/rfc/rfc5322#section-3.4 and https://www.rfc-editor.org/rfc/rfc2047
"""

from __future__ import annotations

import re

ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f-\x9f]+@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f-\x9f]+")
"""An address whose local part is not in quotes."""
_MAX_LENGTH = 100_000


def mailboxes(value: str) -> list[tuple[str, str]]:
    """Return names and addresses of a header. What is not an address is left out. Never fails."""
    from email.utils import getaddresses

    if len(value) > _MAX_LENGTH:
        return []
    try:
        found = getaddresses([value])
    except RecursionError:  # comments can be nested
        return []
    return [(decoded(name), address) for name, address in found if ADDRESS.fullmatch(address) is not None]


def decoded(text: str) -> str:
    """Return a text with its encoded words decoded; the text itself if they are not valid. Never fails.

    Mailboxes are separated before, so that an encoded word cannot hold one.
    """
    if "=?" not in text:
        return text
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return text
