"""Contents of records: what they state of it, and responses that consist of it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from unified_emulation.engine.account import Account
from unified_emulation.engine.behaviour import values
from unified_emulation.engine.behaviour.situations import has
from unified_emulation.engine.responses import Response
from unified_emulation.engine.tables import Record, Table
from unified_openapi.behaviour.kinds import Content

_BLOCK = 4 * 1024 * 1024
_BITS = 160


def describe(fact: Content, account: Account, table: Table, records: Iterable[Record]) -> None:
    """Set the properties of records that state size and digests of their contents."""
    for record in records:
        if account.is_empty(record):
            continue
        if fact.unless is not None and fact.unless.record and has(record.values, fact.unless.record):
            continue
        _, content = account.content(record)
        for path, what in fact.describes.items():
            found: int | str = len(content) if what == "size" else _digest(what, content)
            pointer = table.properties.get(path)
            values.write(
                record.values, path, str(found) if pointer is not None and "string" in account.schemas.shape(pointer).kinds else found
            )


def _digest(algorithm: str, content: bytes) -> str:
    match algorithm:
        case "quickxor":
            return _quick_xor(content)
        case "sha256_of_blocks":
            blocks = (content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK))
            return hashlib.sha256(b"".join(hashlib.sha256(block).digest() for block in blocks)).hexdigest()
        case _:
            return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def _quick_xor(content: bytes) -> str:
    """Return the QuickXorHash (https://learn.microsoft.com/en-us/onedrive/developer/code-snippets/quickxorhash).

    Byte n is at bit 11 n of 160, cyclically: so bytes with equal n modulo 160 are combined first.
    """
    block = 0
    for at in range(0, len(content), _BITS):
        block ^= int.from_bytes(content[at : at + _BITS], "little")
    state = 0
    for number, byte in enumerate(block.to_bytes(_BITS, "little")):
        shifted = byte << (11 * number % _BITS)
        state ^= (shifted | shifted >> _BITS) & (1 << _BITS) - 1
    state ^= len(content) << _BITS - 64
    return base64.b64encode(state.to_bytes(_BITS // 8, "little")).decode()


def response(account: Account, record: Record) -> Response:
    """Return the content of a record."""
    media_type, content = account.content(record)
    return Response(200, headers=(("Content-Type", media_type or "application/octet-stream"),), raw=content)
