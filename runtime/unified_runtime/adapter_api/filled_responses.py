"""Responses that consist of several: one of them, with values of the others at a path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from unified_runtime.core.decoding import decode
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.responses import Response

S = TypeVar("S")


def filled_response(found: Mapping[str, Any], fills: Sequence[str], value: Any, schema: type[S]) -> tuple[S, Raw]:
    """Return a decoded response and its raw document: the object, with the value at the path `fills` and everything else as it was.

    Raises:
        VendorProtocolError: the object does not have the schema.
    """
    body = msgspec.json.encode(_filled(found, fills, value))
    response = Response(200, (), body, "")
    return decode(response, schema), Raw(Document(body, response))


def _filled(found: Any, names: Sequence[str], value: Any) -> dict[str, Any]:
    first, *further = names
    before = found if isinstance(found, Mapping) else {}
    return {**before, first: _filled(before.get(first), further, value) if further else value}
