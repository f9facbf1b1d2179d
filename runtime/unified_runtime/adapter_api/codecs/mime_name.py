"""Codec of the name of the first mailbox in a header of a part of MIME, by the header's name, in any case. `decode` never raises.

Source: https://www.rfc-editor.org/rfc/rfc5322#section-3.4
"""

from __future__ import annotations

from unified_runtime.adapter_api.codecs.mailboxes import mailboxes
from unified_runtime.adapter_api.codecs.mime_header import header

LOSSES: tuple[str, ...] = ("decode: the address, comments, further mailboxes",)


def decode(value: object, name: str) -> str | None:
    """Return the name; None if there is none."""
    return next((shown for shown, _ in mailboxes(header(value, name) or "")), None) or None
