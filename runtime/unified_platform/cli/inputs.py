"""Inputs of a call as words of a command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from unified_runtime.core.errors import InvalidInput


def parse_inputs(words: Iterable[str]) -> dict[str, Any]:
    """`name=text` gives a text, `name:=json` any other value, `name@=file` a file's content. A name given twice makes a list.

    Raises:
        InvalidInput: a word is neither.
    """
    values: dict[str, Any] = {}
    lists: set[str] = set()
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name.rstrip(":@"):
            raise InvalidInput(f"{word!r} is not an input: write name=text, or name:=JSON for numbers, lists, true, false and null")
        value: Any = text
        if name.endswith(":"):
            name = name[:-1]
            value = _json(name, text)
        elif name.endswith("@"):
            name = name[:-1]
            value = Path(text)
        if name not in values:
            values[name] = value
        elif name in lists:
            values[name].append(value)
        else:
            values[name] = [values[name], value]
            lists.add(name)
    return values


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"{name}:={text} is not JSON: {error.msg} at column {error.colno}") from None
