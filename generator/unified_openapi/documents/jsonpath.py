"""Targets of overlay actions: JSONPath (RFC 9535).

The simple forms, which are nearly all that overlays use (names, `[*]`, numbers, `[?@.name == 'text']`), are evaluated here; all others,
and texts that are not JSONPath, go to a library that takes longer to import than a vendor to compile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Location = tuple[int | str, ...]

_NAME = r"'(?:[^'\\\x00-\x1f]*)'"
_TEST = rf"@\.[A-Za-z_]\w*\ *==\ *{_NAME}"
_SEGMENT = re.compile(
    rf"""\.(?P<member>[A-Za-z_]\w*)
      | \[\ *(?P<names>{_NAME}(?:\ *,\ *{_NAME})*)\ *\]
      | (?P<every>\.\*|\[\ *\*\ *\])
      | \[\ *(?P<number>0|[1-9][0-9]{{0,8}})\ *\]
      | \[\ *\?\ *(?P<tests>{_TEST}(?:\ *\|\|\ *{_TEST})*)\ *\]""",
    re.VERBOSE | re.ASCII,
)
_PLAIN = re.compile(rf"\$(?:{_SEGMENT.pattern})*".replace("?P<", "?P<_"), re.VERBOSE | re.ASCII)
_NAMES = re.compile(_NAME)
_TESTS = re.compile(rf"@\.([A-Za-z_]\w*)\ *==\ *({_NAME})", re.VERBOSE | re.ASCII)


class InvalidJsonPath(Exception):
    """A target that is not JSONPath; the message gives the reason."""


def locations(target: str, root: Any) -> list[Location]:
    """Return the ways from the root to all locations that a target selects, in its order.

    Raises:
        InvalidJsonPath: the target is not JSONPath.
    """
    if _PLAIN.fullmatch(target) is None:
        return _by_library(target, root)
    found: list[tuple[Location, Any]] = [((), root)]
    for segment in _SEGMENT.finditer(target):
        found = [((*way, name), inner) for way, value in found for name, inner in _selected(segment, value)]
    return [way for way, _ in found]


def names(target: str) -> Iterator[str | None]:
    """Yield the name that each segment of a target selects; None for a segment of another kind, and for a target that is not simple."""
    if _PLAIN.fullmatch(target) is None:
        yield None
        return
    for segment in _SEGMENT.finditer(target):
        quoted = _NAMES.findall(segment["names"] or "")
        yield segment["member"] or (quoted[0][1:-1] if len(quoted) == 1 else None)


def _selected(segment: re.Match[str], value: Any) -> Iterator[tuple[int | str, Any]]:
    kind, text = segment.lastgroup, segment[segment.lastgroup or 0]
    if kind in ("member", "names"):
        names = [text] if kind == "member" else [quoted[1:-1] for quoted in _NAMES.findall(text)]
        yield from ((name, value[name]) for name in names if isinstance(value, dict) and name in value)
    elif kind == "number":
        if isinstance(value, list) and int(text) < len(value):
            yield int(text), value[int(text)]
    else:
        tests = [(name, quoted[1:-1]) for name, quoted in _TESTS.findall(text)]
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            if kind == "every" or (isinstance(inner, dict) and any(inner.get(key) == word for key, word in tests)):
                yield name, inner


def _by_library(target: str, root: Any) -> list[Location]:
    if not target.startswith("$"):
        raise InvalidJsonPath("it does not begin with `$`")
    import jsonpath_rfc9535 as jsonpath

    try:
        return [node.location for node in jsonpath.find(target, root)]
    except jsonpath.JSONPathError as error:
        raise InvalidJsonPath(str(error.args[0]) if error.args else "it cannot be read") from None
