"""Changes of a list by member, for vendors that replace a list as a whole: the elements that a call does not name are sent as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.symbols import Symbol

__all__ = ["change"]


def change(
    body: dict[str, Any], path: Sequence[str], current: Any, key: Sequence[str], add: Sequence[str] | None, remove: Sequence[str] | None
) -> dict[str, Any]:
    """Return a request body whose list at `path` is the current one with members added and removed; unchanged if none are given.

    `key` is the path in an element that identifies its member, empty if the element itself does. Members are compared without regard to
    case, as e-mail addresses are. An element that is there already is not added, and one that is not there is not removed.

    Raises:
        InvalidInput: the body has the list already, or a member is added and removed.
    """
    if not add and not remove:
        return body
    if _has(body, path):
        raise _invalid(f"{path[-1]} is given as a whole, and members are added or removed; leave one out", path)
    wanted, unwanted = _named(add), _named(remove)
    both = [name for lowered, name in wanted.items() if lowered in unwanted]
    if both:
        raise _invalid(f"{both[0]!r} is to be added and removed", path)
    known = [] if current is None or isinstance(current, Symbol) else list(current)  # in a plan, the list is not known
    others = [element for element in known if _key(element, key) not in unwanted]
    there = {_key(element, key) for element in others}
    return _put(body, path, [*others, *(_element(name, key) for lowered, name in wanted.items() if lowered not in there)])


def _named(members: Sequence[str] | None) -> dict[str, str]:
    return {str(member).casefold(): str(member) for member in members or ()}


def _key(element: Any, key: Sequence[str]) -> str | None:
    for name in key:
        element = element.get(name) if isinstance(element, dict) else None
    return str(element).casefold() if isinstance(element, str | int) else None


def _element(name: str, key: Sequence[str]) -> Any:
    element: Any = name
    for part in reversed(key):
        element = {part: element}
    return element


def _has(body: Any, path: Sequence[str]) -> bool:
    for name in path:
        if not isinstance(body, dict) or name not in body:
            return False
        body = body[name]
    return True


def _put(body: dict[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    name, *rest = path
    inner = body.get(name)
    return {**body, name: _put(inner if isinstance(inner, dict) else {}, rest, value) if rest else value}


def _invalid(message: str, path: Sequence[str]) -> InvalidInput:
    return InvalidInput(message, fields={path[-1]: "is changed twice"})
