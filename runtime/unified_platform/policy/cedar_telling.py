"""What rules can tell of the values that they read: two values that answer alike whatever rules ask of them are one to Cedar.

A rule that asks whether a title is like `*password*` can tell two kinds of titles apart, and no more. So what was decided of one title
holds for all of its kind, which is what decisions are remembered by. What is read in any other way is told apart by the value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from unified_platform.policy.cedar_rules import Expression, Rule, path_of

Path = tuple[str, ...]
Ask = Callable[[str], bool]
"""What a rule asks of a text."""

_COMPARED = ("==", "!=")


class Telling:
    """What rules ask of the values at some paths of the context (`context_read` gives them).

    What is asked of a path is whether it is there, in any case; of a text, what `like` and comparisons with texts say of it.
    """

    def __init__(self, rules: Iterable[Rule], paths: Iterable[Path]) -> None:
        asked: dict[Path, list[Ask] | None] = {path: [] for path in paths}
        for path, ask in _asked([rule.data.get("conditions", []) for rule in rules]):
            known = next((path[:length] for length in (0, 1, 2) if path[:length] in asked), None)
            if known is None:
                continue
            asks = asked[known]
            if ask is None or known != path:
                asked[known] = None  # its own value, or a part of it, is looked at
            elif asks is not None:
                asks.append(ask)
        self._asked = {path: tuple(asks) if asks else None for path, asks in asked.items()}

    def key(self, said: Mapping[str, Any]) -> list[Any]:
        """What rules can tell of a context, as plain values: of two with the same key, they say the same."""
        found: list[Any] = []
        for path, asks in self._asked.items():
            value: Any = said
            for name in path:
                value = None if value is None else value.get(name)
            # Nothing that is there is None.
            found.append(value if value is None or asks is None or not isinstance(value, str) else [ask(value) for ask in asks])
        return found


def _asked(body: Any) -> Iterator[tuple[Path, Ask | None]]:
    """Every path of the context that is read, with what is asked of its text: None where that is more than can be told."""
    if isinstance(body, list):
        for value in body:
            yield from _asked(value)
        return
    if not isinstance(body, dict):
        return
    if "Record" in body:  # names that are no operators
        yield from _asked([*body["Record"].values()])
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
        yield from _asked(value)


def _compared(sides: Mapping[str, Expression]) -> tuple[Path, Ask] | None:
    """A path that is compared with a text."""
    for one, other in (("left", "right"), ("right", "left")):
        read, text = path_of(sides[one]), sides[other].get("Value")
        if read is not None and read[0] == "context" and isinstance(text, str):
            return read[1], text.__eq__
    return None


def _is_there(value: str) -> bool:
    return True


def _like(pattern: Sequence[Any]) -> Ask:
    """Cedar's `like`: a wildcard stands for any characters, or none. It takes the time of a search, since texts may be an attacker's."""
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
