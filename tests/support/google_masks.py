"""Partial responses of Google: `fields` selects their fields (https://developers.google.com/workspace/drive/api/guides/fields-parameter)."""

from __future__ import annotations

import re
from typing import Any

Mask = dict[str, Any]


def parsed(text: str) -> Mask:
    """A mask of the form `a,b(c,d)`."""
    made: Mask = {}
    stack = [made]
    for name, mark in re.findall(r"([A-Za-z0-9]*)([,()]|$)", text):
        if name:
            stack[-1][name] = {}
        if mark == "(":
            stack.append(stack[-1][name])
        elif mark == ")":
            stack.pop()
    return made


def masked(value: Any, mask: Mask) -> Any:
    if not mask:
        return value
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    return {name: masked(value[name], inner) for name, inner in mask.items() if name in value}
