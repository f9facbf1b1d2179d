"""Codec of the addresses in a header of a part of MIME, by the header's name, in any case. `decode` never raises.

Source: https://www.rfc-editor.org/rfc/rfc5322#section-3.4
"""

from __future__ import annotations

from unified_runtime.adapter_api.codecs.mailboxes import mailboxes
from unified_runtime.adapter_api.codecs.mime_header import header

LOSSES: tuple[str, ...] = ("decode: names of mailboxes and groups, comments; what is not an address",)


def decode(value: object, name: str) -> list[str]:
    """Return the addresses; none if there is no such header."""
    return [address for _, address in mailboxes(header(value, name) or "")]
