"""Values at paths of nested objects. A path leads through lists to their members."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any


def values_at(value: Any, path: str) -> Iterator[Any]:
    """Yield the values at a path; none if the path is not there."""
    if isinstance(value, list):
        for member in value:
            yield from values_at(member, path)
    elif isinstance(value, dict):
        if path in value:
            yield value[path]
            return
        for at, char in enumerate(path):  # names may have dots, such as `m.relates_to`
            if char == "." and path[:at] in value:
                yield from values_at(value[path[:at]], path[at + 1 :])
                return


def changed(value: Any, path: str, change: Callable[[dict[str, Any], str], None]) -> None:
    """Call `change` with each object that holds, or may hold, the last name of a path, and that name."""
    if isinstance(value, list):
        for member in value:
            changed(member, path, change)
    elif isinstance(value, dict):
        head, dot, rest = path.partition(".")
        if not dot or path in value:
            change(value, path)
        elif head in value:
            changed(value[head], rest, change)


def write(value: dict[str, Any], path: str, new: Any) -> None:
    """Set the value at a path; objects on the way are added."""
    head, dot, rest = path.partition(".")
    if dot and path not in value and not isinstance(value.get(head), list):
        inner = value.get(head)
        value[head] = inner = dict(inner) if isinstance(inner, dict) else {}
        write(inner, rest, new)
        return
    changed(value, path, lambda holder, name: holder.__setitem__(name, copy.deepcopy(new)))


def remove(value: Any, path: str) -> bool:
    """Remove what is at a path; return true if something was."""
    found: list[Any] = []
    changed(value, path, lambda holder, name: found.append(holder.pop(name)) if name in holder else None)
    return bool(found)
