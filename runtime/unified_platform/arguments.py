"""Inputs of a call as they stand on a command line."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from unified_runtime import InvalidInput
from unified_runtime.operations import Downloading, Listing, Operation
from unified_runtime.suggest import did_you_mean

Callable = Operation[Any, Any] | Listing[Any, Any] | Downloading[Any, Any]


def parse(words: Iterable[str]) -> dict[str, Any]:
    """`name=text` gives a text, `name:=json` any other value, `name@=file` a file's content. A name given twice makes a list.

    Raises:
        InvalidInput: a word is neither.
    """
    values: dict[str, Any] = {}
    lists: set[str] = set()
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name.rstrip(":@"):
            raise InvalidInput(f"{word!r} is no input: write name=text, or name:=JSON for numbers, lists, true, false and null")
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
        raise InvalidInput(f"{name}:={text} is no JSON: {error.msg} at column {error.colno}") from None


def operation(name: str, resources: Iterable[str]) -> Callable:
    """The operation of that name, `tasks.create`.

    Raises:
        InvalidInput: there is none.
    """
    known = tuple(resources)
    resource, dot, verb = name.partition(".")
    if not dot or resource not in known:
        meant = did_you_mean(name, [f"{one}.{verb}" for one in known]) if dot else ""
        raise InvalidInput(f"{name!r} is no operation: write RESOURCE.OPERATION{meant}; the resources are {', '.join(known)}")
    module = importlib.import_module(f"unified.{resource}")
    found = {key: value for key, value in vars(module).items() if isinstance(value, (Operation, Listing, Downloading))}
    if verb not in found:
        raise InvalidInput(f"{resource} has no operation {verb!r}{did_you_mean(verb, found)}; it has {', '.join(found)}")
    return found[verb]
