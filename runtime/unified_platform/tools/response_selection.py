"""Selection of the parts of a vendor's response that a model sees: chosen fields, no avatars, self links or empty values, within a limit.

A path has names of keys with dots; lists in between are looked into, and `[20:]` at its end leaves the first items out:
`issues.fields.summary`, `labels[20:]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from unified_platform.tools import results
from unified_platform.tools.token_counts import tokens
from unified_runtime import InvalidInput

ALL = "*"
"""Path of the complete response, with what is left out otherwise."""
_PATH = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+)*(?:\[[0-9]{1,9}:\])?")
_LEFT_OUT = frozenset({
    "self", "_links", "_self", "avatar", "avatars", "avatarurls", "avatarurl", "avatar_urls", "gravatar_id", "node_id",
})  # fmt: skip
_LINK = re.compile(r"(?:[a-z0-9]+_)+url|(?:self|avatar|icon|image|thumb(?:nail)?)_?(?:url|uri|link|[0-9]+)s?", re.IGNORECASE)
_USEFUL = frozenset({"html_url", "web_url", "download_url", "short_url", "public_url", "file_url", "join_url", "start_url"})
_FEWEST = 3
"""Items of a list that remain when it is cut."""


def selected(data: Any, paths: Sequence[str]) -> Any:
    """Return a response with the parts at some paths only, without empty values; all of it for `*`.

    Raises:
        InvalidInput: a path is not valid.
    """
    for path in paths:
        if path != ALL and not _PATH.fullmatch(path):
            message = f"{path!r} is not a path: write names with dots, such as fields.summary, or labels[20:] for later items"
            raise InvalidInput(f"fields: {message}", fields={"fields": message})
    if not paths:
        return lean(data)
    if ALL in paths:
        return data
    tree: dict[str, Any] = {}
    for path in paths:
        path, _, start = path.partition("[")
        node = tree
        for name in path.split("."):
            node = node.setdefault(name, {})
        node[""] = int(start.removesuffix(":]")) if start else 0
    return _part(data, tree)


def _part(data: Any, tree: dict[str, Any]) -> Any:
    if isinstance(data, list):
        return [part for item in data if (part := _part(item, tree)) not in ({}, None)]
    if not isinstance(data, dict):
        return None
    found: dict[str, Any] = {}
    for name, inner in tree.items():
        if not name or name not in data:
            continue
        value, start = data[name], inner.get("")
        if start is None:
            value = _part(value, inner)
        elif start and isinstance(value, list):
            value = value[start:]
        if not _empty(value):
            found[name] = value
    return found


def lean(data: Any) -> Any:
    """Return a response without empty values, avatars and links to itself."""
    if isinstance(data, dict):
        made = {name: lean(value) for name, value in data.items() if not _left_out(str(name))}
        return {name: value for name, value in made.items() if not _empty(value)}
    if isinstance(data, list):
        return [lean(item) for item in data]
    return data


def _left_out(name: str) -> bool:
    key = name.lower()
    return key in _LEFT_OUT or (key not in _USEFUL and _LINK.fullmatch(key) is not None)


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def within(data: Any, most: int) -> tuple[Any, list[str]]:
    """Return a response that fits into so many tokens, with the paths of what was left out, to request it with.

    Long texts are cut first, then the longest lists, then the largest parts.
    """
    cut = results.fit(data, most)
    more: list[str] = []
    while _exceeds(cut, more, most):
        found = max(_lists(cut), key=lambda one: results.size(one[1]), default=None)
        if found is None:
            break
        path, items = found
        count = max(_FEWEST, len(items) // 2)
        more = [each for each in more if each.partition("[")[0] != path] + [f"{path}[{count}:]"]
        del items[count:]
    while isinstance(cut, dict) and len(cut) > 1 and _exceeds(cut, more, most):
        largest = max(cut, key=lambda name: results.size(cut[name]))
        del cut[largest]
        more = [each for each in more if re.split(r"[.\[]", each)[0] != largest] + [str(largest)]
    return cut, more


def _exceeds(cut: Any, more: list[str], most: int) -> bool:
    return tokens(results.compact([cut, more] if more else cut)) + results.FRAME > most


def _lists(data: Any, path: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of a response that can be cut, each with its path; none within lists, whose items have no path of their own."""
    if isinstance(data, dict):
        for name, value in data.items():
            at = f"{path}.{name}" if path else str(name)
            if isinstance(value, list) and len(value) > _FEWEST:
                yield at, value
            elif isinstance(value, dict) and "." not in str(name):
                yield from _lists(value, at)
