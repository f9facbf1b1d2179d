"""Contents of records: what they state of it, and responses that consist of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from unified_emulation.engine.account import Account
from unified_emulation.engine.behaviour import values
from unified_emulation.engine.behaviour.situations import has
from unified_emulation.engine.responses import Response
from unified_emulation.engine.tables import Record, Table
from unified_openapi.behaviour.kinds import Content


def describe(fact: Content, account: Account, table: Table, records: Iterable[Record]) -> None:
    """Set the properties of records that state size and digests of their contents."""
    for record in records:
        if fact.unless is not None and fact.unless.record and has(record.values, fact.unless.record):
            continue
        _, content = account.content(record)
        for path, what in fact.describes.items():
            found: int | str = len(content) if what == "size" else hashlib.new(what, content, usedforsecurity=False).hexdigest()
            pointer = table.properties.get(path)
            values.write(
                record.values, path, str(found) if pointer is not None and "string" in account.schemas.shape(pointer).kinds else found
            )


def response(account: Account, record: Record) -> Response:
    """Return the content of a record."""
    media_type, content = account.content(record)
    return Response(200, headers=(("Content-Type", media_type or "application/octet-stream"),), raw=content)
