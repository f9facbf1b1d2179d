"""Partial responses of Google: `fields` names the properties of a response, as in `nextPageToken,files(id,owners/emailAddress)`.

Source: https://developers.google.com/workspace/drive/api/guides/fields-parameter
"""

from __future__ import annotations

import re
from typing import Any

from unified_emulation.query_languages.records import QueryFault

_TOKEN = re.compile(r"\s*([\w$-]+|[*/,()])")
Mask = dict[str, Any]
"""Names to the masks of what is inside; an empty mask selects everything."""


def selected(body: Any, text: str) -> Any:
    """Return the part of a response that a mask selects.

    Raises:
        QueryFault: the mask is not valid.
    """
    tokens = _tokens(text)
    mask = _fields(tokens)
    if tokens:
        raise QueryFault(f"Invalid field selection {text}")
    return _part(body, mask)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise QueryFault(f"Invalid field selection {text}")
        found.append(match[1])
        at = match.end()
    return found


def _fields(tokens: list[str]) -> Mask:
    mask: Mask = {}
    while True:
        name, inner = _field(tokens)
        mask[name] = {**mask.get(name, {}), **inner} if mask.get(name) or inner else {}
        if tokens[:1] != [","]:
            return mask
        del tokens[0]


def _field(tokens: list[str]) -> tuple[str, Mask]:
    if not tokens or tokens[0] in "/,()":
        raise QueryFault("Invalid field selection")
    name = tokens.pop(0)
    if tokens[:1] == ["/"]:
        del tokens[0]
        return name, dict([_field(tokens)])
    if tokens[:1] != ["("]:
        return name, {}
    del tokens[0]
    inner = _fields(tokens)
    if tokens[:1] != [")"]:
        raise QueryFault("Invalid field selection")
    del tokens[0]
    return name, inner


def _part(value: Any, mask: Mask) -> Any:
    if not mask:
        return value
    if isinstance(value, list):
        return [_part(each, mask) for each in value]
    if not isinstance(value, dict):
        return value
    every = mask.get("*")
    return {name: _part(each, mask.get(name) or every or {}) for name, each in value.items() if name in mask or every is not None}
