"""Cache keys of Cedar decisions: the results of the conditions that rules evaluate, instead of the values themselves.

A rule with `title like "*password*"` distinguishes two kinds of titles only. A decision about one title holds for all titles of its
kind, so the kind is the key. A value that rules read in any other way is a key itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from unified_platform.policy.cedar_rules import Expression, Rule, path_of

Path = tuple[str, ...]
Condition = Callable[[str], bool]
"""Condition of a rule on a string."""

_COMPARED = ("==", "!=")


class CacheKeys:
    """Conditions of rules on the values at some paths of the context (`context_read` returns the paths).

    The key of a path is whether it is present, and for a string, the results of `like` and of comparisons with strings.
    """

    def __init__(self, rules: Iterable[Rule], paths: Iterable[Path]) -> None:
        requested: dict[Path, list[Condition] | None] = {path: [] for path in paths}
        for path, ask in _read_paths([rule.data.get("conditions", []) for rule in rules]):
            known = next((path[:length] for length in (0, 1, 2) if path[:length] in requested), None)
            if known is None:
                continue
            requests = requested[known]
            if ask is None or known != path:
                requested[known] = None  # the value itself, or a part of it, is read
            elif requests is not None:
                requests.append(ask)
        self._conditions = {path: tuple(requests) if requests else None for path, requests in requested.items()}

    def key(self, reported: Mapping[str, Any]) -> list[Any]:
        """Return the key of a context, as plain values. Rules evaluate two contexts with the same key alike."""
        found: list[Any] = []
        for path, requests in self._conditions.items():
            value: Any = reported
            for name in path:
                value = None if value is None else value.get(name)
            # No value that is present is None.
            found.append(value if value is None or requests is None or not isinstance(value, str) else [ask(value) for ask in requests])
        return found


def _read_paths(body: Any) -> Iterator[tuple[Path, Condition | None]]:
    """Yield every path of the context that is read, with the condition on its string; None for any other use."""
    if isinstance(body, list):
        for value in body:
            yield from _read_paths(value)
        return
    if not isinstance(body, dict):
        return
    if "Record" in body:  # names that are not operators
        yield from _read_paths([*body["Record"].values()])
        return
    path = path_of(body)
    if path is not None:
        if path[0] == "context":
            yield path[1], _is_there if "has" in body else None
        return
    if "like" in body and (read := path_of(body["like"]["left"])) is not None and read[0] == "context":
        yield read[1], _like(body["like"]["pattern"])
        return
    for operator in _COMPARED:
        if operator in body and (found := _compared(body[operator])) is not None:
            yield found
            return
    for value in body.values():
        yield from _read_paths(value)


def _compared(sides: Mapping[str, Expression]) -> tuple[Path, Condition] | None:
    """Return the path that is compared with a string, and the condition."""
    for one, other in (("left", "right"), ("right", "left")):
        read, text = path_of(sides[one]), sides[other].get("Value")
        if read is not None and read[0] == "context" and isinstance(text, str):
            return read[1], text.__eq__
    return None


def _is_there(value: str) -> bool:
    return True


def _like(pattern: Sequence[Any]) -> Condition:
    """Return Cedar's `like` as a function: a wildcard is any number of characters. Linear time, since strings may be an attacker's."""
    pieces = [""]
    for part in pattern:
        if part == "Wildcard":
            pieces.append("")
        else:
            pieces[-1] += part["Literal"]
    first, *between = pieces
    if not between:
        return first.__eq__
    last = between.pop()

    def matches(value: str) -> bool:
        at, end = len(first), len(value) - len(last)
        if at > end or not value.startswith(first) or not value.endswith(last):
            return False
        for piece in between:
            at = value.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return matches
